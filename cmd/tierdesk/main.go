// Command tierdesk is a help desk that lives in the mailbox. Its commands are in package cli.
package main

import (
	"os"
	_ "time/tzdata" // calendars need time zones, which small systems lack

	"tierdesk/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
