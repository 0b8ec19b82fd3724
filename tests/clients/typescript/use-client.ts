// A warehouse's year in calls of the generated client. `main` is given the address of the API and a key.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type GapRow = components["schemas"]["GapRow"];
type Count = components["schemas"]["Count"];

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

export async function main(baseUrl: string, key: string): Promise<string> {
  // Tables come as CSV too; this client asks for JSON alone.
  const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

  const rows: GapRow[] = [];
  let pages = 0;
  let after: string | undefined;
  do {
    const query = { year: 2021, limit: 50, ...(after === undefined ? {} : { after }) };
    const { data } = await client.GET("/workforce/gaps", { params: { query } });
    must(data !== undefined, "a page of gaps");
    rows.push(...data.items);
    pages += 1;
    after = data.next;
  } while (after !== undefined);
  must(pages > 2 && new Set(rows.map((row) => `${row.service} ${row.basis}`)).size === rows.length, "each row once");

  // A change that is based on an older version comes back with what is there now, and is made on that.
  const path = { year: 2022, service: "FLS012" };
  const change = (version: number) =>
    client.PATCH("/rounds/{year}/responses/{service}", {
      params: { path },
      body: { answers: [{ link_id: "patient_survey", status: "answered", version, boolean: true }] },
    });
  const conflict = await change(7);
  must(conflict.response.status === 412 && conflict.error !== undefined, "a conflict");
  const current = conflict.error.conflicts?.[0]?.current;
  const changed = await change(current?.version ?? 0);
  const answer = changed.data?.answers.find((answer) => answer.link_id === "patient_survey");
  must(answer?.boolean === true, "the answer");

  const good: Count = { service: "FLS012", month: "2022-01", kpi: 4, numerator: 41, denominator: 60, stratum: "" };
  const items = [good, { ...good, month: "2022-02", kpi: 12 }];
  const refused = await client.PUT("/kpis/counts", { body: { items } });
  must(refused.response.status === 422 && refused.error?.counts?.rejected === 1, "the bad row is named");
  const stored = await client.PUT("/kpis/counts", { body: { items }, params: { query: { skip_bad_rows: true } } });
  must(stored.data?.stored === true && stored.data.problems[0]?.column === "kpi", "the good row is stored");

  const benchmark = await client.GET("/kpis/{kpi}/benchmark", { params: { path: { kpi: 4 }, query: { year: 2021 } } });
  must((benchmark.data?.items.length ?? 0) > 0, "a benchmark");
  const associations = await client.GET("/associations", { params: { query: { year: 2021 } } });
  must(associations.data !== undefined, "the associations");

  const posts = [{ role: "nurse" as const, band: "7", wte: 1, start_year: 1, start_month: 4 }];
  const outcome = await client.POST("/workforce/scenarios/preview", {
    body: { year: 2021, years: 3, service: "FLS012", posts },
  });
  must(outcome.data !== undefined, "what the scenario comes to");

  const workbook = await client.GET("/workforce/gaps.xlsx", {
    params: { query: { year: 2021 } },
    parseAs: "arrayBuffer",
  });
  must(workbook.response.ok && workbook.data !== undefined, "the workbook");
  const bytes = new Uint8Array(workbook.data as unknown as ArrayBuffer);
  must(bytes[0] === 0x50 && bytes[1] === 0x4b, "a workbook is a zip");
  return `typescript: ${rows.length} rows over ${pages} pages, a conflict, a bad row, a workbook of ${bytes.length} bytes`;
}
