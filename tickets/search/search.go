// Package search finds tickets by their text. It owns the index of words [search_words], the query
// language, the commands /search, /list and /show, and the standing lists that an agent is sent
// each morning. Messages that are not indexed yet are in a queue of package store, written with
// each message. It must never decide who may see a ticket: package view does.
package search
