/**
 * Reads two facts from Playwright's JSON report that the totals do not show. They are the stories that passed only on the
 * second try, and the engines that ran no story.
 *
 * @param suites The member `suites` of the report.
 * @returns {string[]} One line each.
 */
export function playwrightRemarks(suites) {
  const flaky = []
  const notRun = new Set()
  for (const { title, tests } of suites.flatMap(specsOf))
    for (const { annotations, projectName, status } of tests) {
      if (status === 'flaky') flaky.push(`Passed on the second try only: [${projectName}] ${title}`)
      const reason = annotations.find(({ type }) => type === 'skip')?.description
      if (status === 'skipped') notRun.add(`Not run: ${projectName}. ${reason ?? title}`)
    }
  return [...flaky, ...notRun]
}

/** Lists the specs of a suite and of its nested suites. */
function specsOf({ specs, suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)]
}
