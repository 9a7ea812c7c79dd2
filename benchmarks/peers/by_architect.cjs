// Architect's packager as a library: a project (app.arc) in, a SAM template out, one service after another.
//
// Usage: node by_architect.cjs MODULES INPUT OUTPUT: the folder of the npm packages, a folder of projects, and the
// folder to write. Neither package looks at the network for what these projects use.

const fs = require('node:fs')
const path = require('node:path')
const { createRequire } = require('node:module')

async function main (modules, source, output) {
  const load = createRequire(path.join(path.resolve(modules), 'package.json'))
  const inventory = load('@architect/inventory')
  const pack = load('@architect/package')
  for (const name of fs.readdirSync(source).sort()) {
    const project = await inventory({ cwd: path.join(source, name), deployStage: 'staging' })
    const folder = path.join(output, name)
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'template.json'), JSON.stringify(pack(project), null, 2))
  }
}

main(...process.argv.slice(2)).catch(error => {
  console.error(error)
  process.exit(1)
})
