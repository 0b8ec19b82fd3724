// Starts the page kit's components, and what saves a field when it is left. Every page works without either.
import { initAll } from './nhsuk-frontend.min.js'
import { saveOnLeaving } from './saving.js'

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()
const form = document.querySelector('form[data-save="leaving"]')
if (form) saveOnLeaving(form, scope => initAll({ scope }))
