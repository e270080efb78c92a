#!/usr/bin/env python3
"""Counts the actions of the reports that an inspector reads: corpus_actions.py COMMAND DIR... It prints how many it calls
failed and delayed, and how many of the delayed ones say in their own words that their server has given up."""
import glob, json, re, shlex, subprocess, sys

GAVE_UP = re.compile(r"given up|giving up on|not going to try|in the queue too long|no (?:further|more) attempts|permanent (?:error|failure)|verify the address|returned to (?:the )?sender", re.I)

files = sorted(f for d in sys.argv[2:] for f in glob.glob(d + "/*.eml"))
out = subprocess.run(shlex.split(sys.argv[1]) + ["--json-lines"] + files, capture_output=True, text=True).stdout
counts, wrong = {}, []
for line in out.splitlines():
    mail = json.loads(line)
    if not mail["bounce"]["is"]:
        continue
    action = mail["bounce"].get("action", "none")
    counts[action] = counts.get(action, 0) + 1
    if action == "delayed" and GAVE_UP.search(re.sub(r"\s+", " ", mail["text"][:3000])):
        wrong.append(mail["file"])
for action in sorted(counts):
    print("ACTION %-9s %4d" % (action, counts[action]))
print("ACTION delayed though the text gives up %d %s" % (len(wrong), " ".join(wrong)))
