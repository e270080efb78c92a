// Command tierdesk is a help desk that lives in the mailbox. All that it can do stands in package
// cli.
package main

import (
	"os"
	_ "time/tzdata" // calendars need zones, and small machines have none

	"tierdesk/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
