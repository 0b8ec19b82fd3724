account-heading = Your account
account-name = Name
account-change = Change
account-change-name = your name
account-email = E-mail address
account-email-changes = If it changes, ask the audit team to invite the new one.
account-held = What you are here
account-nothing-held = Nothing at present. The audit team gives roles.
account-password = Password
account-password-none = None: you sign in by a mailed link
account-set = Set
account-your-password = your password
account-second-factor = Second factor
account-factor-set = Set up; { $left ->
       [one] { $left } recovery code left
       *[other] { $left } recovery codes left
    }
account-none = None
account-factor-asked = Your role asks for one.
account-set-up = Set up
account-your-factor = your second factor
account-signed-in = Signed in
account-here-alone = Here alone
account-in-places = In { $sessions } places
account-see = See
account-where = where you are signed in
account-takes-over = If somebody else takes over
account-hand-over = Hand over the lead of your service
name-heading = Change your name
name-save = Save
password-sessions-end = Your other sessions end when you change it.
password-saves-wait = You can go on to sign in by a mailed link; a password saves you the wait.
password-not-known = If you do not know the present one, sign out and <a href="/sign-in/forgotten">choose a new one by a mailed link</a>.
codes-heading = Keep your recovery codes
codes-about = Each signs you in once when you do not have your authenticator. <strong>They are shown this once.</strong> Print this page or write them down, and keep them where you keep important papers, not with your telephone.
codes-kept = I have kept them: go on
factor-heading = Your second factor
factor-is-set = It is set up: whoever signs in as you needs a code of your authenticator too.
factor-new-codes = New recovery codes
factor-left = You have { $left ->
       [one] { $left } recovery code
       *[other] { $left } recovery codes
    } left. New ones take the place of all old ones.
factor-make-codes = Make new recovery codes
factor-take-away = Take it away
factor-must-have = Your role asks for a second factor, so you cannot take it away. If your telephone changes, a colleague of the audit team can take it away, and you set up another when you sign in.
factor-before-change = Do this before you change your telephone, then set it up anew.
factor-take-away-button = Take the second factor away
factor-new-heading = Set up a second factor
factor-new-role = Your role reaches the answers of every service, so it asks for a second factor. Set it up to go on.
factor-new-about = A second factor is a code of six digits that an authenticator shows: an app on your telephone, or a password manager. Any that takes one-time codes (TOTP) will do.
factor-new-add = 1. Add this account to your authenticator
factor-new-read = Let it read this picture:
factor-new-picture = QR code of the key that is written below
factor-new-type = Or type this key into it:
factor-new-open = Or, on the device that has the authenticator, <a href="{ $address }">open it there</a>.
factor-new-show = 2. Show that it works
factor-new-button = Set up the second factor
account-sign-out = Sign out
sessions-heading = Where you are signed in
sessions-about = If you do not know one of these, end it and change your password. A session that is not used ends by itself after two hours.
sessions-this = This one
sessions-from = From address { $address }<br>Since { $began }<br>Last used { $seen }<br>Ends { $ends }
sessions-end = End
sessions-end-of = the session of { $browser } since { $began }
sessions-end-others = End all others
sessions-nowhere-else = You are signed in nowhere else.
hand-over-heading = Hand over the lead
hand-over-service = Service
hand-over-none = You lead no service, so there is nothing to hand over. The audit team can change what you hold.
