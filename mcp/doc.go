// Package mcp is the same desk for assistants: a server of the Model Context Protocol, through which a program that a person
// works with may look things up and fill in forms in that person's name, with that person's rights and no others.
//
// [New] returns the handler of the streamable HTTP transport; whoever asks shows the bearer token of a session. Each tool
// declares the permission that it asks for, tools that the person holds no permission for are not listed, and every
// answer is what the desk gives that person: what is foreign is not found, personal values are not shown.
//
// Nothing is committed by a tool alone. A draft waits on a page for its person; where the program can ask the
// person back in the middle of a call (elicitation), the form is sent when the person agrees to it there, and not otherwise.
//
// Source: Model Context Protocol, revision 2025-11-25, server features and transports.
package mcp
