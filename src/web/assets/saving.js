// Saves a field of the survey when it is left.
//
// What is sent is what the form's own button would send, for the blocks that were changed; what comes back is the page as
// the button would show it, of which the parts that changed take the place of ours: notes, versions, questions that came
// up or went, what a colleague changed meanwhile. Nothing is kept in the browser: until the server has it, it stands in
// the field, and the page asks before it goes. Where the session has ended it is sent once the same person has signed in
// again in another window; what one person typed is never sent as another's.

const RETRY = [1, 2, 4, 8, 15, 30].map(seconds => seconds * 1000)

export function saveOnLeaving (form, start) {
  const status = document.getElementById('save-status')
  const changed = new Map() // block id → how often it was changed; what is not in it is as saved
  let sending = null
  let failures = 0
  let timer = 0
  let stopped = false
  let isSignedOut = false
  let leaving = false

  const blockOf = element => element.closest?.('[data-block]')

  function say (text, problem = false) {
    status.classList.toggle('app-save-status--problem', problem)
    if (status.textContent !== text) status.textContent = text
  }

  function mark (event) {
    const block = blockOf(event.target)
    // Choosing a post changes nothing before it is added.
    if (!block || event.target.name === 'p.add') return
    changed.set(block.id, (changed.get(block.id) ?? 0) + 1)
  }

  function later (delay) {
    clearTimeout(timer)
    timer = setTimeout(send, delay)
  }

  /** An item in conflict waits until somebody has chosen. */
  function isUndecided (block) {
    return block.querySelector('[name^="m."]') && !block.querySelector('[name^="c."]:checked')
  }

  function bodyOf (blocks) {
    const body = new URLSearchParams()
    const all = new FormData(form)
    body.append('csrf', all.get('csrf'))
    body.append('then', 'field')
    for (const block of blocks) {
      for (const field of block.querySelectorAll('[name]')) {
        const isBox = field.type === 'checkbox' || field.type === 'radio'
        if (field.disabled || field.type === 'submit' || (isBox && !field.checked)) continue
        body.append(field.name, field.value)
      }
    }
    return body
  }

  async function send () {
    clearTimeout(timer)
    if (sending || stopped) return
    const blocks = [...changed.keys()].map(id => document.getElementById(id)).filter(block => block && !isUndecided(block))
    if (blocks.length === 0) return
    const sent = new Map(blocks.map(block => [block.id, changed.get(block.id)]))
    if (!failures) say(status.dataset.saving)
    sending = post(bodyOf(blocks), sent)
    await sending
    sending = null
    if (changed.size > 0 && !failures) later(0)
  }

  async function post (body, sent, isSecond = false) {
    let reply
    let page
    try {
      reply = await fetch(form.action, {
        method: 'POST',
        body,
        // So that it arrives when the page goes; browsers take no more than 64 kB that way.
        keepalive: body.toString().length < 60000,
        redirect: 'error',
        credentials: 'same-origin',
        headers: { 'x-csrf-token': body.get('csrf') }
      })
      page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    } catch {
      return tryAgain()
    }
    if (reply.status === 429 || reply.status >= 500) return tryAgain()
    if (reply.status === 401) return signedOut(Boolean(page.getElementById('kept')))
    if (reply.status === 403 && !isSecond) {
      // Signed in again in another window: the page has a new token for the same fields.
      const token = await freshToken()
      if (token === null) return signedOut()
      if (token) {
        body.set('csrf', token)
        return post(body, sent, true)
      }
    }
    const fresh = page.querySelector('form[data-save="leaving"]')
    if (!fresh) {
      stopped = true
      return say(page.querySelector('main p')?.textContent || status.dataset.refused, true)
    }
    failures = 0
    isSignedOut = false
    if (reply.ok || reply.status === 409) {
      for (const [id, times] of sent) if (changed.get(id) === times) changed.delete(id)
    }
    if (!reply.ok) for (const id of sent.keys()) if (!changed.has(id)) changed.set(id, 1)
    merge(page, reply.ok)
    say(page.getElementById('save-status').textContent, !reply.ok)
  }

  function tryAgain () {
    say(status.dataset.offline, true)
    later(RETRY[Math.min(failures, RETRY.length - 1)])
    failures += 1
  }

  function signedOut (isKept = false) {
    failures = Math.max(failures, 1)
    isSignedOut = true
    say(isKept ? status.dataset.kept : status.dataset.signedOut, true)
    const link = document.createElement('a')
    link.href = '/sign-in'
    link.target = '_blank'
    link.textContent = status.dataset.signIn
    status.append(' ', link)
  }

  function reader (page) {
    return page.querySelector('.nhsuk-header__account-item')?.textContent.trim()
  }

  /** The token of who is signed in now; null where that is nobody, or somebody else. */
  async function freshToken () {
    try {
      const reply = await fetch(form.action, { credentials: 'same-origin', redirect: 'error' })
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
      if (reply.status === 401 || (reply.ok && reader(page) !== reader(document))) return null
      const field = page.querySelector('form[data-save="leaving"] [name="csrf"]')
      if (reply.ok && field) form.elements.csrf.value = field.value
      return reply.ok && field?.value
    } catch {
      return false
    }
  }

  /** Takes over what changed. What somebody is at, or has changed again, keeps its fields. */
  function merge (page, saved) {
    const token = page.querySelector('form[data-save="leaving"] [name="csrf"]')
    if (token) form.elements.csrf.value = token.value
    const items = document.getElementById('items')
    const fresh = [...page.getElementById('items').children]
    const wanted = new Set(fresh.map(block => block.id))
    for (const block of [...items.children]) if (!wanted.has(block.id)) block.remove()
    let before = null
    for (const block of fresh) {
      const old = document.getElementById(block.id)
      const keeps = old && (changed.has(block.id) || old.contains(document.activeElement))
      if (keeps) {
        parts(block, old, saved && !changed.has(block.id))
        before = old
        continue
      }
      const copy = document.importNode(block, true)
      if (!old) before ? before.after(copy) : items.prepend(copy)
      else if (old.outerHTML === block.outerHTML) { before = old; continue } else old.replaceWith(copy)
      start(copy)
      before = copy
    }
    for (const id of ['problems', 'same', 'hidden-items']) part(page.getElementById(id), document.getElementById(id))
  }

  function part (fresh, old) {
    if (!fresh || !old || old.innerHTML === fresh.innerHTML || old.contains(document.activeElement)) return
    // What hours come to is said once, and stays until the field changes.
    if (fresh.id.endsWith('-note') && !fresh.textContent) return
    old.replaceChildren(...document.importNode(fresh, true).childNodes)
  }

  function parts (fresh, old, takesValues) {
    old.className = fresh.className
    for (const one of fresh.querySelectorAll('[data-live]')) part(one, document.getElementById(one.id))
    for (const field of fresh.querySelectorAll('[name]')) {
      const own = field.id ? document.getElementById(field.id) : old.querySelector(`[type="hidden"][name="${CSS.escape(field.name)}"]`)
      if (!own) continue
      if (field.type === 'hidden' && field.name !== 'p.row') own.value = field.value
      if (field.hasAttribute('aria-invalid')) own.setAttribute('aria-invalid', 'true')
      else own.removeAttribute('aria-invalid')
      if (field.id) own.className = field.className
      if (takesValues && own !== document.activeElement && field.type !== 'hidden' && field.type !== 'submit') {
        if (field.type === 'checkbox' || field.type === 'radio') own.checked = field.hasAttribute('checked')
        else own.value = field.value
      }
    }
  }

  form.addEventListener('input', mark)
  form.addEventListener('change', event => {
    mark(event)
    // One who goes through radios with the arrow keys says where they end, not each on the way.
    if (changed.size > 0) later(event.target.type === 'radio' || event.target.type === 'checkbox' ? 400 : 0)
  })
  let passing = false
  form.addEventListener('submit', event => {
    if (passing || stopped || (changed.size === 0 && !sending)) {
      leaving = true
      return
    }
    // What was changed is saved first: what is on its way would look like somebody else's change, and where the service
    // cannot be reached the page must not go.
    event.preventDefault()
    submitSaved(event.submitter)
  })

  async function submitSaved (button) {
    if (sending) await sending
    await send()
    if (failures) return
    passing = true
    // The button may have given way to a fresh one; that of the language stands outside the form.
    const same = button && [...form.elements].find(one => one.type === 'submit' && one.name === button.name && one.value === button.value)
    form.requestSubmit(same || undefined)
    passing = false
  }

  window.addEventListener('focus', () => { if (isSignedOut) later(0) })
  window.addEventListener('online', () => { if (failures) later(0) })
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send() })
  window.addEventListener('beforeunload', event => { if (!leaving && (changed.size > 0 || sending)) event.preventDefault() })
  for (const block of form.querySelectorAll('[data-unsaved]')) changed.set(block.id, 1)
}
