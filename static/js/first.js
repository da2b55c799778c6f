// Runs before the first paint: says that scripts work. (The theme itself is chosen by the server.)
document.documentElement.classList.add("js");
