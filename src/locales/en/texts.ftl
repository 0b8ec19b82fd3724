text-edit-heading = Edit: { $title }
text-preview = Preview
text-preview-about = This is how the page would look. Nothing is saved yet.
text-save = Save
text-address = E-mail:
