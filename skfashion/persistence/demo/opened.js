// Not a module: a browser loads none from a file, nor the model.
if (location.protocol === "file:") {
  const problem = document.getElementById("problem");
  problem.textContent =
    "This page was opened as a file, from which a browser loads no model. Serve its " +
    "folder, with “python -m http.server” run in it, and open http://localhost:8000.";
  problem.hidden = false;
  document.querySelector("main").hidden = true;
}
