"""What web pages write over the parts that are no part of their article."""

import re

AROUND = re.compile(
    r"(?:(?:related|more|top|latest|popular|recommended|other|trending|most|further)\s){1,3}"
    r"(?:stories|articles|news|reading|coverage|posts|topics|read|viewed|popular|content)"
    r"(?:\s(?:for you|now|today))?"
    r"|(?:read )?more (?:on|from|like|about|in) (?:this|these|the author|our|us)\b.{0,24}"
    r"|read (?:more|next)|see also|related|recommended(?: for you)?|trending(?: now)?"
    r"|you (?:may|might) (?:also )?(?:like|be interested in|enjoy).{0,20}"
    r"|(?:(?:\d+|leave a|post a|add a|your|reader|view) )?(?:comments?|replies)(?: \(?\d+\)?)?"
    r"|share(?: this(?: article| story| page)?)?|newsletters?|advertisement"
    r"|(?:sign up|subscribe) (?:to|for) (?:our|the)\b.{0,40}"
    r"|(?:photo |picture )?galler(?:y|ies)(?:: .{0,40})?|in pictures(?:: .{0,40})?",
    re.IGNORECASE,
)
