// Package imap fetches mail from inboxes over IMAP4 (RFC 9051, RFC 3501) and hands it to a
// mailin.Handler. It owns the connections, and with the ledger the knowledge of what was taken and
// what was acknowledged. It must never know what a mail says, nor tickets. It is the only importer
// of go-imap.
//
// A Fetcher watches the folders of one inbox, each by a connection of its own:
//
//	server: EXISTS --> UID SEARCH --> what the ledger lacks --> FETCH in batches, BODY.PEEK[]
//	        --> Handler.Take (the next batch is fetched meanwhile) --> acknowledge: move, flag or keep --> ledger
//
// The ledger is the truth. The flags of a mail are never asked: other clients may set and clear
// what they like. A mail is acknowledged only after Take returned, and on each connect what was
// taken and not acknowledged is acknowledged.
//
// What may go wrong with one mail never stops the next one. The fetching of a mail goes down a
// ladder (see poison.go); in the end the desk gets what could be had, with Raw.Fault, and the mail
// is parked: left where it lies, and asked for from time to time, until the whole of it comes.
//
// The files: fetcher.go has the Fetcher and its lease, watch.go a folder and its connections,
// login.go and session.go one connection, firstsync.go and times.go what is old in a folder that is
// new to us, sync.go a look for what is missing, batch.go and fetch.go the fetching, poison.go the
// fetching of what cannot be fetched, handover.go the way to the desk, acknowledge.go what follows
// at the server, wait.go and news.go the time until there is something to do.
package imap
