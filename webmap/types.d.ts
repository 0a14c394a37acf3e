/** What the server answers with, and the libraries that are loaded as classic scripts. */

declare const protomapsL: typeof import("protomaps-leaflet");
interface Window {
  /** What first.js asked for, by address. */
  askedEarly?: Map<string, Promise<Response>>;
}
declare const Supercluster: typeof import("supercluster").default;

/** Put in front of the service worker by the server. */
declare const STATIC: string;

type Box = [west: number, south: number, east: number, north: number];
type Lang = "zh" | "en";

interface Named {
  code: string;
  name: string;
}

interface District {
  code: string;
  name: string;
  synthetic: boolean;
  bbox: Box;
  norm_households: number;
  totals: {
    communities: number;
    grids: number;
    groups: number;
    workers: number;
    residents: number;
    issues: { closed: number; escalated: number; open: number };
    unplaced_issues: number;
    /** Of which issues there are more than were counted. */
    issues_at_least?: string[];
  };
  data_version: string;
}

interface Issue {
  /** Whether it has newly come to who asks. */
  fresh?: boolean;
  id: string;
  channel: string;
  ticket: string | null;
  category: string;
  category_name: string;
  text: string;
  address: string | null;
  status: string;
  level: string;
  precision: string;
  rule: string;
  grid: Named | null;
  community: Named | null;
  lon: number | null;
  lat: number | null;
  reported_at: string;
  due_at: string | null;
  overdue: boolean;
  border_m: number | null;
  left?: number | null;
}

interface IssueEvent {
  at: string;
  kind: string;
  status: string | null;
  note: string | null;
  level?: string | null;
  actor?: string;
  detail?: Record<string, string> | null;
}

interface IssueFacts extends Issue {
  events: IssueEvent[];
  steps?: string[];
  beside?: { code: string; name: string; workers: string[] }[];
  departments?: string[];
  handler?: string | null;
  supervision?: string | null;
  satisfaction?: string | null;
  answers?: Record<string, string> | null;
  photos?: { public_id: string; kind: "report" | "before" | "after"; width: number; height: number }[];
  code?: string;
  coarse?: boolean;
  boundary: { valid_from: string } | null;
  runner_up: (Named & { distance_m: number }) | null;
  workers: { name: string; duty: string }[] | null;
  party_group: { name: string } | null;
  candidates?: Match[] | null;
  located?: { reason?: string } | null;
}

interface IssuePage {
  items: Issue[];
  next: string | null;
  total_at_most?: number;
}

interface PointProps {
  id: string;
  category: string;
  status: string;
  level: string;
  overdue: boolean;
  left?: number | null;
}

interface ClusterProps {
  count: number;
  overdue: number;
  more?: boolean;
}

type Point = GeoJSON.Feature<GeoJSON.Point, PointProps>;
type ServerCluster = GeoJSON.Feature<GeoJSON.Point, ClusterProps>;

interface PointsAnswer {
  clustered: boolean;
  whole: boolean;
  upto: number | null;
  features: (Point | ServerCluster)[];
}

interface GridProps extends Named {
  label: [number, number];
  land?: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
  kind?: string;
  community?: string;
}

type Ground = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, GridProps>;
type Layer = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, GridProps> & {
  truncated?: boolean;
};

interface GridFacts extends Named {
  kind: string;
  households: number | null;
  residents: number | null;
  workers: { name: string; duty: string }[];
  groups: { name: string }[];
  open_issues: number;
  valid_from: string | null;
  bbox?: Box;
}

interface BuildingFacts {
  id: number;
  code: string | null;
  name: string | null;
  address: string | null;
  households: number | null;
  residents: number | null;
  kind: string;
  outline: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  party_group: {
    name: string;
    secretary: string | null;
    member_count: number | null;
    grid: Named | null;
  } | null;
}

interface PlaceFacts {
  building: BuildingFacts | null;
  grid: GridFacts | null;
  community: Named | null;
  street: Named | null;
  rule: string;
  border_m: number | null;
}

interface Match {
  label: string;
  lon: number;
  lat: number;
  precision: string;
  score: number;
  building_id?: number | null;
}

type HitKind =
  | "address"
  | "building"
  | "road"
  | "place"
  | "street"
  | "community"
  | "grid"
  | "group"
  | "branch"
  | "committee"
  | "worker"
  | "issue";

interface Hit {
  kind: HitKind;
  label: string;
  detail: string;
  rank: number;
  lon: number | null;
  lat: number | null;
  bbox: Box | null;
  precision: string | null;
  opens: { kind: "issue" | "grid" | "community" | "street" | "place"; id: string } | null;
  code?: string;
  duty?: string;
  houses?: number;
  /** A house number that was asked for and is not there; this is the road. */
  missing?: string;
  status?: string;
  overdue?: boolean;
  category_name?: string;
}

interface CommunityFacts extends Named {
  households: number | null;
  residents: number | null;
  street: Named;
  grids: (Named & { open_issues: number })[];
  bbox: Box | null;
}

interface StreetFacts extends Named {
  households: number | null;
  residents: number | null;
  communities: (Named & { grids: number })[];
  bbox: Box | null;
}

type State = "open" | "escalated" | "closed" | "unplaced" | "all";

type Counts = Record<State, number> & { more: State[] };

interface ImportJob {
  id: number;
  file_name: string;
  state: "waiting" | "running" | "done" | "failed";
  total: number | null;
  done: number;
  added: number;
  known: number;
  unplaced: number;
  refused: number;
  dropped_columns: string[];
  sealed_columns: string[];
  unknown_columns: string[];
  unknown_values?: Record<string, string[]>;
  recognised_columns?: Record<string, string>;
  error: { code: string; title: string } | null;
  created_at: string;
}

interface RefusedRow {
  row: number;
  column: string | null;
  code: string;
  reason: string;
  raw: Record<string, string | null>;
}

interface ProblemProps {
  number: number;
  check: string;
  kind: string;
  severity: "error" | "warning" | "note";
  remedy: string;
  title: string;
  help: string;
  codes: string[];
  codes_count: number;
  measure: number;
  unit: "m2" | "m" | "count";
  count: number;
  largest: number[];
  spot: [number, number] | null;
  bbox: Box | null;
}

type Problem = GeoJSON.Feature<GeoJSON.Geometry, ProblemProps>;

interface QualityCheck {
  code: string;
  name: string;
  meaning: string;
  errors: number;
  warnings: number;
  notes: number;
}

interface QualityAnswer {
  state: "done" | "checking";
  areas: number;
  checks: QualityCheck[];
  features: Problem[];
}

interface CoverageAreas {
  tier: "street" | "community" | "grid";
  /** Around the grids of the area or of one's ground, and the community that it is or lies in. */
  box: Box | null;
  home: string | null;
  measure: { code: string; name: string; ramp: "gap" | "norm" | "load"; bounds: number[]; classes: string[]; rule: string };
  /** With the number by which tiles know a grid, where buildings are shown. */
  items: { code: string; id?: number; name: string; value: number | null; said: string; figures: Record<string, number> }[];
}

interface CoverageGap {
  kind: string;
  code: string;
  name: string;
  title: string;
  size: string;
  why: string;
  do: string;
  grid: string | null;
  community: string | null;
}

interface LoadCandidate {
  crs: string;
  title: string;
  lon: number;
  lat: number;
  /** The street or building nearest to it, or nothing. */
  near: string;
  inside: number;
  on_known: number;
}

interface ExportJob {
  id: number;
  layer: string;
  format: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled" | "expired";
  total: number;
  done: number;
  size: number | null;
  title: string;
  format_title: string;
  crs: string;
  at: string | null;
  filters: Record<string, string>;
  error: { code: string; title: string } | null;
  created_at: string;
  expires_at: string | null;
}

interface LoadJob {
  id: number;
  kind: string;
  file_name: string;
  state: "waiting" | "running" | "asked" | "checked" | "done" | "failed";
  dry_run: boolean;
  system: string;
  total: number | null;
  done: number;
  added: number;
  changed: number;
  same: number;
  refused: number;
  flagged: number;
  repaired: number;
  recognised_columns: Record<string, string>;
  place_columns: string[];
  unmapped_columns: string[];
  dropped_columns: string[];
  bbox: Box | null;
  candidates: LoadCandidate[];
  error: { code: string; title: string } | null;
  created_at: string;
}

interface LoadNote {
  row: number;
  column: string;
  grade: "refused" | "flagged" | "repaired";
  code: string;
  reason: string;
}

/** A building as who redraws sees it; `group_grid` is the grid that owns its party group. */
interface SceneHouse {
  id: number;
  code: string;
  name: string | null;
  address: string;
  households: number;
  grid: string | null;
  cut: boolean;
  group: number | null;
  group_name: string | null;
  group_grid: string | null;
  door: [number, number];
  outline: number[][][];
}

interface SceneCourtyard {
  id: number;
  code: string;
  cut: boolean;
  outline: number[][][];
}

interface SceneRoad {
  name: string;
  kind: string;
  line: [number, number][];
}

interface Scene {
  name: string;
  norm: number;
  band: [number, number];
  grids: Ground[];
  uncovered: GeoJSON.Polygon[];
  beside: Ground[];
  buildings: SceneHouse[];
  courtyards: SceneCourtyard[];
  roads: SceneRoad[];
}

interface GridFigures {
  area_m2: number;
  /** 4πA/P², 1 for a disc. */
  compactness: number;
  /** The parts of its ground. */
  pieces: number;
  buildings: number;
  households: number;
  residents: number;
  groups: number;
  members: number;
  workers: number;
  open_issues: number;
  /** In a year. */
  expected_issues: number;
  band: "under" | "within" | "over";
}

interface MovedThing {
  id: number;
  before: string | null;
  after: string | null;
}

interface RedrawPreview {
  before: Record<string, GridFigures>;
  after: Record<string, GridFigures>;
  new: string[];
  retired: string[];
  issues: MovedThing[];
  buildings: MovedThing[];
  cut: string[];
  /** Which of those are courtyards. */
  courtyards: string[];
  astride: number[];
  band: { norm: number; low: number; high: number };
  /** Reports a household and year. */
  rate: number;
}

type CellFeature = GeoJSON.Feature<
  GeoJSON.Polygon | GeoJSON.MultiPolygon,
  { code: string; will_be: string; kind: string }
>;

interface RedrawPlan {
  public_id: string;
  community_code: string;
  name: string;
  state: string;
  author: string;
  /** Who has to do with it, by login. */
  people?: Record<string, string>;
  /** The codes of the present grids that it gives or takes ground. */
  touches: string[];
  created_at: string;
  changed_at: string;
  published_at: string | null;
  published_by: string | null;
  report: Record<string, any> | null;
  remarks: string | null;
  due_at: string | null;
  /** Why it could not be published on its day. */
  conflict?: { code: string; title: string } | null;
  /** The plan by which this one was taken back, and the one that it takes back itself. */
  rolled_back?: { plan: string; name: string; by: string } | null;
  takes_back?: { plan: string; name: string } | null;
  /** The moves that who asks can make now. */
  may: string[];
}

interface RedrawImpact {
  issues: { ticket: string | null; before: string | null; after: string | null; from_workers: string[]; to_workers: string[] }[];
  issues_moved: number;
  /** How many workers are told. */
  told: number;
  workers: { name: string; duty: string; grid: string; before: GridFigures; after: GridFigures | null }[];
  groups_cut: { id: number; name: string; grids: Record<string, number> }[];
  new: string[];
  retired: string[];
  opened: CoverageGap[];
  closed: CoverageGap[];
}

interface CoverageGap {
  kind: string;
  code: string;
  measure: number;
}

interface GridLock {
  id: number;
  grid: string;
  reason: string;
  locked_by: string;
  /** The same person by name and role. */
  holder: string;
  until: string | null;
}

/** A step that did not fit when a plan was drawn anew. */
interface LeftOut {
  number: number;
  op: string;
  called: string;
  grids: string[];
  title: string;
}

interface GroundConflict {
  grid: string;
  was: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  now: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
  at: string | null;
  by: string | null;
  name: string | null;
}

interface HistoryChange {
  at: string;
  /** Whether who asks sees the figures there, and so the pages of its grids. */
  seen: boolean;
  load: boolean;
  communities: { code: string; name: string }[];
  count: number;
  grids: {
    code: string;
    name: string;
    how: "new" | "restored" | "retired" | "changed";
    was: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
    now: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
  }[];
  handed: { giver: string; taker: string; area_share: number; household_share: number }[];
  /** The plan and its people, where who asks may see them. */
  plan: {
    public_id: string;
    name: string;
    author: string;
    by: string;
    undoes: { public_id: string; name: string } | null;
  } | null;
}

/** What changed on a day, and the moment at which it is over. */
interface HistoryDay {
  day: string;
  until: string;
  items: HistoryChange[];
}

interface DrawnPlan extends RedrawPlan {
  steps: number;
  undone?: number;
  /** What was said when it was handed in last. */
  note?: string;
  /** Whether it goes to the street again only with a word why. */
  owes_answer?: boolean;
  left_out?: LeftOut[];
  cells: { type: string; features: CellFeature[] };
  handed: { giver: string; taker: string; shape: GeoJSON.Polygon | GeoJSON.MultiPolygon }[];
  preview: RedrawPreview;
}

/** What the browser asks to be done with the ground; the server computes it. */
type RedrawIntent = { op: string } & Record<string, any>;
