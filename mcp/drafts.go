package mcp

import (
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/desk/drafts"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

type listFormsIn struct{}

type listFormsOut struct {
	Forms []openingOut `json:"forms"`
}

type openingOut struct {
	Kind  string  `json:"kind" jsonschema:"its key, as pack/kind"`
	Label string  `json:"label"`
	Form  formOut `json:"form"`
}

func listForms(c *call, _ listFormsIn) (listFormsOut, error) {
	out := listFormsOut{Forms: []openingOut{}}
	for _, o := range c.s.Desk.Openings(c.who) {
		out.Forms = append(out.Forms, openingOut{o.Kind.Ref, o.Kind.Words.In(c.lang), c.form(o.Kind, o.Act)})
	}
	return out, nil
}

type draftMatterIn struct {
	Kind   string            `json:"kind" jsonschema:"what is opened, as pack/kind: see list_forms"`
	Act    string            `json:"act,omitempty" jsonschema:"the act that opens it, the first if not said"`
	With   map[string]string `json:"with,omitempty" jsonschema:"the form's fields by key"`
	Reason string            `json:"reason,omitempty"`
}

type draftReplyIn struct {
	Matter string            `json:"matter" jsonschema:"its id or its number"`
	Act    string            `json:"act" jsonschema:"what is to be done: a key out of the acts of read_matter"`
	With   map[string]string `json:"with,omitempty" jsonschema:"the form's fields by key"`
	Reason string            `json:"reason,omitempty"`
}

// draftOut says what became of a draft.
type draftOut struct {
	Status string   `json:"status" jsonschema:"waiting: the person has to look at it on the page; sent: the person agreed and it is done; declined: the person does not want it"`
	Page   string   `json:"page" jsonschema:"where the person looks at it, or what was made of it"`
	Lacks  []string `json:"lacks,omitempty" jsonschema:"what the form still asks for"`
	Number string   `json:"number,omitempty"`
	Matter name.ID  `json:"matter,omitempty"`
}

func draftMatter(c *call, in draftMatterIn) (draftOut, error) {
	return c.draft(drafts.Draft{Kind: in.Kind, Act: in.Act, With: in.With, Reason: in.Reason})
}

func draftReply(c *call, in draftReplyIn) (draftOut, error) {
	id, err := c.streamOf(in.Matter)
	if err != nil {
		return draftOut{}, err
	}
	return c.draft(drafts.Draft{Matter: id, Act: in.Act, With: in.With, Reason: in.Reason})
}

// draft keeps a draft for its person, and asks the person at once where that is possible and nothing is missing.
func (c *call) draft(d drafts.Draft) (draftOut, error) {
	d, err := c.s.Drafts.Put(c, c.who, d)
	if err != nil {
		return draftOut{}, err
	}
	waiting := draftOut{Status: "waiting", Page: c.page(d.Path()), Lacks: d.Lacks}
	if len(d.Lacks) > 0 || !c.mayAsk() {
		return waiting, nil
	}
	question, err := c.question(&d)
	if err != nil {
		return draftOut{}, err
	}
	answer, err := c.req.Session.Elicit(c, &sdk.ElicitParams{Message: question, RequestedSchema: agreement(c.lang)})
	if err != nil {
		return waiting, nil // it was not asked, so it was not answered: the page is still there
	}
	if yes, _ := answer.Content["send"].(bool); answer.Action == "decline" || answer.Action == "accept" && !yes {
		waiting.Status = "declined"
		return waiting, c.s.Drafts.Drop(c, c.who, d.ID)
	} else if answer.Action != "accept" {
		return waiting, nil
	}
	if err := c.again(); err != nil {
		return draftOut{}, err
	}
	return c.send(&d)
}

// mayAsk reports whether the program can ask its person back.
func (c *call) mayAsk() bool {
	p := c.req.Session.InitializeParams()
	return p != nil && p.Capabilities != nil && p.Capabilities.Elicitation != nil
}

// question tells the person in full what would be sent, and about which matter: an assistant may have taken another one. Lines within what is typed
// are set in, so that none looks like another field.
func (c *call) question(d *drafts.Draft) (string, error) {
	k, about, err := c.drafted(d)
	if err != nil {
		return "", err
	}
	act := k.Act(d.Act)
	if act == nil {
		return "", fault.Refuse(fault.ErrInvalid, "act-unknown", "act", "act", d.Act)
	}
	text := words.Say(c.lang, "assist.ask", "kind", k.Words.In(c.lang), "act", act.Words.In(c.lang)) + about
	if c.who.For != "" {
		text += "\n" + words.Say(c.lang, "assist.for", "person", c.s.Desk.Directory().Person(c.who.For).Words.In(c.lang))
	}
	for _, in := range act.Inputs() {
		for i := range k.Fields {
			if f := &k.Fields[i]; f.Key == in.Field && d.With[f.Key] != "" {
				text += "\n" + f.Words.In(c.lang) + ": " + inset(c.said(f, d.With[f.Key]))
			}
		}
	}
	if d.Reason != "" {
		text += "\n" + words.Say(c.lang, "assist.reason") + ": " + inset(d.Reason)
	}
	return text, nil
}

// said is a value in words, with the key that is sent behind it: nobody agrees to p154 or to E06002 and knows to what.
func (c *call) said(f *field.Field, v string) string {
	dir, told := c.s.Desk.Directory(), ""
	switch f.Kind {
	case field.Choice:
		o, _ := f.Option(v)
		told = o.Words.In(c.lang)
	case field.YesNo:
		return words.Say(c.lang, "form."+v)
	case field.Unit, field.Units:
		var all []string
		for _, u := range strings.Fields(v) {
			all = append(all, dir.Unit(name.Unit(u)).Words.In(c.lang))
		}
		told = strings.Join(all, words.Say(c.lang, "list.and"))
	case field.Person:
		p := dir.Person(name.Person(v))
		told = strings.TrimSpace(dir.Unit(p.Unit).Words.In(c.lang) + " " + p.Words.In(c.lang))
	case field.Record:
		told = c.s.Desk.RecordName(c, f.Register, v).In(c.lang)
	}
	if told == "" || told == v {
		return v
	}
	return told + " (" + v + ")"
}

// drafted returns the kind of a draft, as its matter has it, and a line that names the matter, empty for one that is to be opened.
func (c *call) drafted(d *drafts.Draft) (*matter.Kind, string, error) {
	if d.Matter != "" {
		v, err := c.s.Desk.Matter(c, c.who, d.Matter)
		if err != nil {
			return nil, "", err
		}
		return v.Def, "\n" + words.Say(c.lang, "assist.about", "title", inset(v.Title()), "number", v.Number), nil
	}
	k, ok := c.s.Desk.Packs().Kind(d.Kind)
	if !ok {
		return nil, "", fmt.Errorf("kind %q: %w", d.Kind, fault.ErrNotFound)
	}
	return k, "", nil
}

// inset sets the lines of a text in behind the first.
func inset(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }), "\n    ")
}

// agreement is the one thing that the person is asked.
func agreement(lang string) map[string]any {
	return map[string]any{"type": "object", "required": []string{"send"},
		"properties": map[string]any{"send": map[string]any{"type": "boolean", "title": words.Say(lang, "assist.send")}}}
}

// send does what the person has agreed to, once, however often it is sent.
func (c *call) send(d *drafts.Draft) (draftOut, error) {
	do := desk.Do{Command: d.Command(), Kind: d.Kind, Matter: d.Matter, Act: d.Act, With: d.With, Reason: d.Reason}
	how := c.s.Desk.Act
	if d.Matter == "" {
		how = c.s.Desk.Start
	}
	done, err := how(c, c.who, do)
	if err != nil {
		return draftOut{}, err
	}
	out := draftOut{Status: "sent", Page: c.page("/matters/" + string(done.Matter)), Number: done.Number, Matter: done.Matter}
	return out, c.s.Drafts.Drop(c, c.who, d.ID)
}
