/** The list of reports, shown anew while one is being made, unless somebody is choosing something. */

const PAUSE_MS = 3000;

function again() {
  if (document.activeElement?.closest("form") || document.hidden) setTimeout(again, PAUSE_MS);
  else location.reload();
}

if (document.getElementById("reports")?.hasAttribute("data-waiting")) setTimeout(again, PAUSE_MS);
