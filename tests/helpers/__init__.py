"""What tests share: small classifiers, odd input, damaged files, pages in a browser."""
