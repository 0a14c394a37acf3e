// Notes in the page under test when what is wanted stands on the screen, when the first click is
// answered, and how long each frame takes.
((wanted) => {
  const seen = (window.bench = { drawn: 0, answered: 0, frames: [], recording: false });
  const all = (names) => names.every((name) => document.querySelector(name));
  const none = (names) => !names.some((name) => document.querySelector(name));
  let last = 0;

  function click() {
    const { left, top, width, height } = document.querySelector(wanted.map).getBoundingClientRect();
    for (let step = 0; step < 400; step++) {
      const x = left + width * (0.5 + ((step % 20) - 10) / 50);
      const y = top + height * (0.4 + (Math.floor(step / 20) - 10) / 60);
      const target = document.elementFromPoint(x, y);
      if (!target || target.closest(wanted.avoid)) continue;
      const about = { bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, detail: 1 };
      for (const kind of ["mousedown", "mouseup", "click"]) target.dispatchEvent(new MouseEvent(kind, about));
      return;
    }
  }

  function frame(now) {
    if (seen.recording && last) seen.frames.push(now - last);
    last = now;
    if (!seen.drawn && all(wanted.drawn) && none(wanted.missing)) {
      seen.drawn = performance.now();
      click();
    }
    if (seen.drawn && !seen.answered && all(wanted.answered)) seen.answered = performance.now();
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})(WANTED);
