/** Shows where the reader stands, how exactly, and says plainly when that cannot be. */

import { distance } from "../format.js";
import { lang, t } from "../i18n.js";
import { showNotice } from "../notice.js";
import { palette } from "../palette.js";
import { page } from "../state.js";
import { button } from "./controls.js";
import { bringIntoView } from "./view.js";

const NEAR = 17;

/** @param {L.Map} map @param {{extent: Box}} settings */
export default function start(map, { extent }) {
  const spot = new Spot(map, extent);
  page.addEventListener("locate", () => spot.find());
  const beside = document.getElementById("here");
  if (beside) return beside.addEventListener("click", () => spot.find());
  document.getElementById("bottom-right")?.prepend(button("locate", t("我在哪里"), () => spot.find()));
}

class Spot {
  /** @param {L.Map} map @param {Box} extent */
  constructor(map, [west, south, east, north]) {
    this.map = map;
    this.district = L.latLngBounds([south, west], [north, east]);
    this.marks = L.layerGroup().addTo(map);
  }

  find() {
    if (!isSecureContext) return showNotice(t("浏览器只在安全连接（https）下给出位置。请改用地址查找，或直接在地图上点。"));
    if (!("geolocation" in navigator)) return showNotice(t("这个浏览器不提供位置。"));
    showNotice(t("正在取位置……"), { stay: true });
    const patience = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition(({ coords }) => this.show(coords), (error) => this.explain(error), patience);
  }

  /** @param {GeolocationCoordinates} coords */
  show({ latitude, longitude, accuracy }) {
    const place = L.latLng(latitude, longitude);
    this.marks.clearLayers();
    if (!this.district.pad(0.1).contains(place)) return showNotice(t("你现在不在这个区里，地图没有移动。"));
    const { accent } = palette();
    L.circle(place, { radius: accuracy, color: accent, weight: 1, fillOpacity: 0.12, interactive: false }).addTo(this.marks);
    const dot = L.divIcon({ className: "here", iconSize: [20, 20] });
    L.marker(place, { icon: dot, interactive: false, keyboard: false }).addTo(this.marks);
    bringIntoView(this.map, latitude, longitude, NEAR);
    showNotice(accuracy > 0 ? t("位置误差约 {distance}", { distance: distance(accuracy, lang) }) : t("已移到你现在的位置"));
    page.arrive({ lon: longitude, lat: latitude });
  }

  /** @param {GeolocationPositionError} error */
  explain({ code }) {
    if (code === 1) showNotice(t("没有得到取位置的许可。可以在浏览器设置里允许，或在地图上点。"));
    else if (code === 3) showNotice(t("取位置用时太长，请到室外或窗边再试。"));
    else showNotice(t("暂时取不到位置，请在地图上点。"));
  }
}
