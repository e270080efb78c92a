// Package imap fetches mail from inboxes over IMAP4 (RFC 9051, RFC 3501) and hands it to a
// mailin.Handler. It owns the connections and, through the ledger, the record of which mails were
// taken and acknowledged. It must never know a mail's content, or tickets. It is the only importer
// of go-imap.
//
// A Fetcher watches the folders of one inbox, each over a connection of its own:
//
//	server: EXISTS --> UID SEARCH --> what the ledger lacks --> FETCH in batches, BODY.PEEK[]
//	        --> Handler.Take (the next batch is fetched meanwhile) --> acknowledge: move, flag or keep --> ledger
//
// The ledger is the source of truth. The flags of a mail are never read: other clients may set and
// clear them freely. A mail is acknowledged only after Take has returned; each new connection first
// acknowledges mails that were taken but not acknowledged.
//
// A problem with one mail never stops the next one. Fetching a difficult mail goes down a ladder of
// ever more modest requests (see poison.go). In the end the desk gets as much of the mail as can be
// fetched, with Raw.Fault, and the mail is parked: it stays in its folder, and is requested from
// time to time until it arrives whole.
//
// The files: fetcher.go has the Fetcher and its lease; watch.go has a folder and its connections;
// login.go and session.go have one connection; firstsync.go and times.go decide which mail is old
// in a folder that is opened for the first time; sync.go finds missing mail; batch.go and fetch.go
// fetch it; poison.go deals with mail that is hard to fetch; handover.go hands mail to the desk;
// acknowledge.go marks it on the server; wait.go and news.go wait for new mail.
package imap
