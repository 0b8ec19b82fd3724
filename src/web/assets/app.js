// Starts the page kit's components, and what saves a field when it is left. Every page works without either.
import { initAll } from './nhsuk-frontend.min.js'
import { saveOnLeaving } from './saving.js'

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()
const form = document.querySelector('form[data-save="leaving"]')
if (form) saveOnLeaving(form, scope => initAll({ scope }))
for (const button of document.querySelectorAll('[data-copies]')) {
  const field = document.getElementById(button.dataset.copies)
  const status = document.getElementById(`${button.dataset.copies}-status`)
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    // Where the clipboard is closed to scripts, the text is selected and the keyboard copies it.
    const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false)
    status.textContent = copied ? button.dataset.copied : 'The text is selected: copy it with the keyboard.'
  })
}
