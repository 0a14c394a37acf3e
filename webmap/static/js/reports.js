/** The list of reports, asked for anew until none is being made any more. */

const PAUSE_MS = 1500;

async function follow() {
  const shown = document.getElementById("reports");
  if (!shown?.hasAttribute("data-waiting")) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.getElementById("reports");
    if (list) shown.replaceWith(document.importNode(list, true));
  }
  setTimeout(follow, PAUSE_MS);
}

setTimeout(follow, PAUSE_MS);
