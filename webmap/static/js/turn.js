/** Whose turn it is. Pure. */

/**
 * Whether it is for this worker to do now: not what was handed back, what a department has, nor what
 * only others can take further.
 * @param {{status: string, handler: string | null, steps: string[]}} issue
 */
export function isDue({ status, handler, steps }) {
  return status !== "returned" && !handler && steps.length > 0;
}
