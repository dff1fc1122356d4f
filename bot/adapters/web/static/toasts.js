// Short notices for the one who asked.

const SHOWN_FOR = 6000;

export function showToast(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  document.getElementById("toasts").replaceChildren(toast);
  setTimeout(() => toast.remove(), SHOWN_FOR);
  toast.addEventListener("click", () => toast.remove());
}
