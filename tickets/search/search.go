// Package search finds tickets by what was written in them. It owns the index of words
// [search_words], the language of queries, the commands /search, /list and /show, and the lists
// that an agent is sent each morning. What has yet to be put into the index stands in a queue of
// package store's, written with each message. It must never decide who may see a ticket: package
// view does.
package search
