import { openDuckdb, openData } from './dist/drivers/duckdb.js'
const dir = process.argv[2]
for (const f of process.argv.slice(3)) {
  const d = await openDuckdb(); const t0 = performance.now()
  try { const s = await openData(d, dir, f); 
    const rows = await d.query(`SELECT * FROM ${s.sql} LIMIT 3`)
    const [n] = await d.query(`SELECT count(*) n FROM ${s.sql}`)
    console.log(f, n, Math.round(performance.now()-t0)+'ms', s.columns.map(c=>c.name+':'+c.type).join(' ')); console.log(JSON.stringify(rows)) } catch (e) { console.log(f, e.name, e.message, e.hint); if (e.name!=='UserError') console.log(e.stack); else if (e.cause && !process.env.Q) console.log(e.cause.stack?.split('\n').slice(0,5).join('\n')) } finally { d.close() }
}
