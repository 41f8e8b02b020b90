// Package egress is what leaves the house over the network, and the only room from which anything does: mail, SMS and
// chat through [Post], programs of others through [Client.Post].
//
// Every connection goes through a [Gate], which dials what two people have approved ([Place]: host, port, and by which
// certificates it is known) and nothing else. The check is made on the address that the name was resolved to, in the very moment
// of dialling, so that neither a trick in the address nor a name server that answers differently the second time opens
// another door. Redirects are not followed, an answer is at most 1 MB and takes at most 10 s, TLS is verified.
//
// What it leaves to others: who is told of what (desk/notices), which events a program gets (desk/hooks), and who approves a
// place (desk/places).
package egress
