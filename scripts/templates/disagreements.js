const map = document.getElementById("map");
const whole = map.getAttribute("viewBox").split(" ").map(Number);
const view = [...whole];
const show = () => map.setAttribute("viewBox", view.join(" "));
const places = document.querySelectorAll(".places path");

function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
  const held = Math.min(Math.max(factor, 5 / view[2]), whole[2] / view[2]);
  view[0] = x - (x - view[0]) * held;
  view[1] = y - (y - view[1]) * held;
  view[2] *= held;
  view[3] *= held;
  show();
}

function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(map.getScreenCTM().inverse());
}

function goTo(x, y) {
  view[2] = Math.min(400, whole[2]);
  view[3] = (view[2] * whole[3]) / whole[2];
  view[0] = x - view[2] / 2;
  view[1] = y - view[3] / 2;
  show();
}

map.addEventListener("wheel", (event) => {
  event.preventDefault();
  const { x, y } = at(event);
  zoom(event.deltaY > 0 ? 1.25 : 0.8, x, y);
}, { passive: false });

let held = null;
map.addEventListener("pointerdown", (event) => {
  held = at(event);
  map.setPointerCapture(event.pointerId);
});
map.addEventListener("pointermove", (event) => {
  if (!held) return;
  const now = at(event);
  view[0] += held.x - now.x;
  view[1] += held.y - now.y;
  show();
});
for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, () => { held = null; });

document.getElementById("closer").addEventListener("click", () => zoom(0.5));
document.getElementById("wider").addEventListener("click", () => zoom(2));
document.getElementById("whole").addEventListener("click", () => {
  view.splice(0, 4, ...whole);
  show();
});
document.querySelectorAll("tbody tr").forEach((row, index) => {
  row.addEventListener("click", () => {
    document.querySelector(".on")?.classList.remove("on");
    places[index].classList.add("on");
    goTo(Number(row.dataset.x), Number(row.dataset.y));
  });
});
