sign-in-heading = Sign in
sign-in-ended = You need to sign in to see that page. If you were signed in, your session has ended; everything that you saved is still there.
sign-in-kept = Your session has ended, so what you entered is not saved yet. It is kept for you, and nobody else sees it: sign in again, and it stands in its section, to be saved.
sign-in-already = You are signed in as { $signed_in_as }. If you sign in again, that session ends. <a href="/">Go to your home page</a>
sign-in-demo = Sign in to the demonstration
sign-in-demo-about = This is a demonstration: choose whom you want to be. No password is needed, because nothing here is real.
sign-in-demo-mails = Mails are not sent here: you can <a href="/demo/mails">read them instead</a>.
sign-in-link = With a link in an e-mail
sign-in-link-about = You need no password. We send a link to your address; it works for one hour, once.
sign-in-link-button = E-mail me a sign-in link
sign-in-password = With a password
sign-in-forgotten = I have forgotten my password
sign-in-no-account = If you have no account
sign-in-no-account-about = The audit team invites FLS leads and commissioners; the FLS lead of a service invites colleagues. Ask them.
sign-in-with = Sign in with { $provider }
openid-number = Number of this request: <code>{ $request_id }</code>
openid-other-ways = Other ways to sign in
openid-sign-in-page = Go to the sign-in page
sign-in-to = Sign in to { $service_name }
sign-in-link-once = Your link works once. Press the button on the computer that you want to work on.
sign-in-link-used = This sign-in link does not work any more
sign-in-link-used-why = Each link works once and for a limited time. This one has been used, has run out, or was not copied whole.
sign-in-link-used-advice = If the link is in an e-mail, check that you opened the newest one, and that the whole address was opened. Otherwise ask for a new link: it takes a minute.
sign-in-link-new = Get a new sign-in link
code-heading = <span class="nhsuk-caption-l">Signing in as { $name }</span>Enter your code
code-no-authenticator = I do not have my authenticator
code-recovery-about = Use one of the recovery codes that you kept when you set up the second factor.
code-recovery-button = Sign in with a recovery code
code-no-recovery = If you have no recovery code left, ask the audit team to take away your second factor. You then sign in by a mailed link.
code-not-you = Not you? Begin again
reset-heading = Choose a new password
forgotten-about = We send a link to your address with which you can choose a new password. You can also <a href="/sign-in">sign in by a mailed link</a> and never need one.
forgotten-button = E-mail me the link
reset-about = Your sessions end everywhere, and you sign in with the new password. If you have a second factor, it is still asked for.
reset-button = Set the password
link-used = This link does not work any more
reset-used-why = A link to choose a new password works once, within an hour, and until the password is changed. This one has been used, has run out, or was not copied whole.
reset-used-new = Get a new link
reset-used-or = Or <a href="/sign-in">sign in</a> if your password is changed already.
section-link-heading = Fill in a section of the facilities audit
section-link-about = Somebody of a Fracture Liaison Service asks you to answer one section of its questionnaire. You need no account. Whoever sent you the link sees your answers, and submits them with the others.
section-link-signed-in = You are signed in as { $signed_in_as }. If you go on by this link, you are signed out.
section-link-button = Go to the section
section-link-used-why = A link to a section works until it runs out or is taken back. This one has run out, was taken back, or was not copied whole. What you saved is kept.
section-link-used-advice = Check that the whole address was opened. Otherwise ask whoever sent you the link for a new one.
sent-heading = Check your e-mail
sent-demo = The demonstration sends no mail. <a href="/demo/mails">Read the mails that it would have sent</a>
sent-nothing = If nothing comes within ten minutes
sent-junk = Look into the folder for junk mail.
sent-address = Check the address: it must be the one to which you were invited. <a href="{ $again }">Try again</a>
sent-five = An address is sent five links an hour at the most. If you have asked for more, use the newest one, or wait.
sent-no-account = If you have no account yet, ask the audit team, or the FLS lead of your service, to invite you.
too-many-heading = Too many tries
too-many-why = There were too many wrong passwords or codes, so that no more are taken from here for now. Your account is not locked, and nothing in it was changed.
too-many-wait = Wait { $minutes } minutes, then try again.
too-many-link = If it is the password that does not work, you need not wait: <a href="/sign-in">ask for a sign-in link</a>, which works without it.
too-many-not-yours = If these tries were not yours, tell the audit team.
