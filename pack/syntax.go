package pack

// The types below are the pack language: the reader fills them, and the JSON Schema for
// editors is made from them, so that the two cannot drift apart. A struct is a mapping.
// The tags of a key:
//
//	yaml  the key as it is written
//	is    the format of its text, a row of formats; for a list, of each item
//	of    the closed set that it is chosen from, a row of sets; for a list, each item
//	need  "yes": it must stand there; "full": and the list must not be empty
//	doc   what an editor shows about it

// word is one scalar with its place. A zero At means that it was not given.
type word struct {
	Text string
	At   spot
}

func (w word) given() bool { return w.At.line > 0 }

func (w word) yes() bool { return w.Text == "yes" }

// words is one thing said in both languages.
type words struct {
	ZH word `yaml:"zh" need:"yes"`
	EN word `yaml:"en" need:"yes"`
	At spot
}

func (w words) given() bool { return w.At.line > 0 }

// entry is one entry of a mapping whose keys are names of the pack's own.
type entry[T any] struct {
	Key   word
	Value T
}

// dict is a mapping whose keys are names of the pack's own, in the order of the file.
type dict[T any] []entry[T]

type packSyntax struct {
	Pack       word              `yaml:"pack" is:"key" need:"yes" doc:"the folder's name"`
	Version    word              `yaml:"version" is:"version" need:"yes" doc:"three numbers, such as 1.2.0"`
	Effective  word              `yaml:"effective" is:"date" need:"yes" doc:"from which day on"`
	Source     words             `yaml:"source" need:"yes" doc:"the office's own document"`
	Words      words             `yaml:"words" need:"yes"`
	Needs      []word            `yaml:"needs" is:"key" doc:"packs whose registers and kinds it refers to"`
	Roles      []roleSyntax      `yaml:"roles" doc:"beyond the roles of the packs that it needs"`
	Parameters []parameterSyntax `yaml:"parameters"`
	Matters    []matterSyntax    `yaml:"matters" doc:"kinds of matter 件"`
	Registers  []registerSyntax  `yaml:"registers" doc:"registers 册"`
	Indicators []indicatorSyntax `yaml:"indicators" doc:"indicators 数"`
	Templates  []templateSyntax  `yaml:"templates"`
	Handbook   []chapterSyntax   `yaml:"handbook"`
	Lists      []listSyntax      `yaml:"lists"`
	Doors      []doorSyntax      `yaml:"doors" doc:"where people, programs and sensors report from outside"`
	Notices    []noticeSyntax    `yaml:"notices" doc:"what people are told about its matters, where the platform's own words will not do"`
	Scorecards []scorecardSyntax `yaml:"scorecards" doc:"monthly assessments of matters of one kind"`
	Assessment assessmentSyntax  `yaml:"assessment" doc:"at most one pack of an installation has it"`
	At         spot
}

type roleSyntax struct {
	Role  word  `yaml:"role" is:"key" need:"yes"`
	Words words `yaml:"words" need:"yes"`
	At    spot
}

type parameterSyntax struct {
	Parameter word  `yaml:"parameter" is:"key" need:"yes" doc:"may stand several times with dates that do not overlap"`
	Words     words `yaml:"words" need:"yes"`
	Value     word  `yaml:"value" is:"value" need:"yes"`
	Unit      word  `yaml:"unit" is:"short"`
	From      word  `yaml:"from" is:"date" need:"yes"`
	Until     word  `yaml:"until" is:"date" doc:"the first day on which it no longer holds"`
	Authority words `yaml:"authority" need:"yes"`
	Source    words `yaml:"source" need:"yes"`
	Confirmed word  `yaml:"confirmed" is:"yes-no" need:"yes" doc:"no: shown as unconfirmed wherever the number is shown"`
	At        spot
}

type matterSyntax struct {
	Matter    word           `yaml:"matter" is:"key" need:"yes"`
	Words     words          `yaml:"words" need:"yes"`
	Series    word           `yaml:"series" is:"series" need:"yes" doc:"letters that case numbers begin with"`
	OtherUnit word           `yaml:"other-unit" is:"yes-no" doc:"the verifying unit must differ from the working unit"`
	Fields    []fieldSyntax  `yaml:"fields" need:"full"`
	States    []stateSyntax  `yaml:"states" need:"full"`
	Acts      []actSyntax    `yaml:"acts" need:"full"`
	Clocks    []clockSyntax  `yaml:"clocks"`
	Ladders   []ladderSyntax `yaml:"ladders"`
	Facets    []word         `yaml:"facets" is:"key" doc:"fields that lists filter and figures count by"`
	Public    []word         `yaml:"public" is:"key" doc:"fields shown without login once published"`
	At        spot
}

type fieldSyntax struct {
	Field    word           `yaml:"field" is:"key" need:"yes"`
	Kind     word           `yaml:"kind" of:"field-kind" need:"yes"`
	Class    word           `yaml:"class" of:"class" need:"yes" doc:"P public, N internal, S sensitive, H highly sensitive"`
	Words    words          `yaml:"words" need:"yes"`
	Help     words          `yaml:"help"`
	Unit     word           `yaml:"unit" is:"short" doc:"of integer and decimal"`
	UnitOf   word           `yaml:"unit-of" is:"key" doc:"of integer and decimal: the choice whose option has the unit, or the text that says it"`
	Min      word           `yaml:"min" is:"value" doc:"of integer, decimal, money, date"`
	Max      word           `yaml:"max" is:"value" doc:"of integer, decimal, money, date"`
	Options  []optionSyntax `yaml:"options" doc:"of choice"`
	Register word           `yaml:"register" is:"ref" doc:"of record"`
	Columns  []fieldSyntax  `yaml:"columns" doc:"of table"`
	At       spot
}

type optionSyntax struct {
	Option word  `yaml:"option" is:"option" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	Unit   word  `yaml:"unit" is:"short" doc:"of what a field with unit-of counts"`
	At     spot
}

type stateSyntax struct {
	State  word  `yaml:"state" is:"key" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	Phase  word  `yaml:"phase" of:"phase" need:"yes"`
	Public words `yaml:"public" doc:"what the public reads, if other words"`
	At     spot
}

type actSyntax struct {
	Act      word          `yaml:"act" is:"key" need:"yes"`
	Verb     word          `yaml:"verb" of:"verb" need:"yes"`
	Words    words         `yaml:"words" need:"yes"`
	Help     words         `yaml:"help"`
	From     []word        `yaml:"from" is:"key" doc:"states; none for the act that opens a matter"`
	To       word          `yaml:"to" is:"key" doc:"none if the state stays"`
	By       []word        `yaml:"by" is:"party" need:"full" doc:"part or part/role"`
	AskedBy  []word        `yaml:"asked-by" is:"party" doc:"who asks for it: it is done upon that, by somebody else"`
	Signs    word          `yaml:"signs" is:"key" doc:"a field of kind person that takes who did it"`
	Form     []word        `yaml:"form" is:"input" doc:"fields asked for; ! required"`
	Evidence []needSyntax  `yaml:"evidence"`
	Clocks   effectsSyntax `yaml:"clocks"`
	Holder   word          `yaml:"holder" is:"holder" doc:"whose the matter is afterwards; none: stays"`
	Raises   []raiseSyntax `yaml:"raises"`
	Reports  reportSyntax  `yaml:"reports" doc:"these fields are a figure of the goal that the matter fulfils"`
	Publish  word          `yaml:"publish" is:"yes-no" doc:"the matter becomes public"`
	Instead  insteadSyntax `yaml:"instead" doc:"some answers make another act of it"`
	At       spot
}

type insteadSyntax struct {
	Field word   `yaml:"field" is:"key" need:"yes" doc:"a choice of the form"`
	In    []word `yaml:"in" is:"option" need:"full" doc:"options"`
	Do    word   `yaml:"do" is:"key" need:"yes" doc:"the act that it is then"`
	At    spot
}

type needSyntax struct {
	Kind  word  `yaml:"kind" of:"evidence" need:"yes"`
	Min   word  `yaml:"min" is:"count" need:"yes"`
	Words words `yaml:"words" need:"yes"`
	At    spot
}

type effectsSyntax struct {
	Start   []word `yaml:"start" is:"key"`
	Stop    []word `yaml:"stop" is:"key"`
	Pause   []word `yaml:"pause" is:"key"`
	Resume  []word `yaml:"resume" is:"key"`
	Restart []word `yaml:"restart" is:"key"`
	Extend  []word `yaml:"extend" is:"key"`
	Pass    []word `yaml:"pass" is:"passing" doc:"clock/stage: ends the stage and begins the next"`
	At      spot
}

type raiseSyntax struct {
	Kind   word       `yaml:"kind" is:"ref" need:"yes"`
	Link   word       `yaml:"link" of:"link" need:"yes"`
	Each   word       `yaml:"each" is:"key" doc:"a table field: one matter a row"`
	Fields dict[word] `yaml:"fields" is:"key" need:"full" doc:"field of the new matter: field of this one, or column of the row"`
	Sets   dict[word] `yaml:"sets" is:"value" doc:"field of the new matter: a value, as stored, that is the same each time"`
	At     spot
}

type reportSyntax struct {
	Value  word `yaml:"value" is:"key" need:"yes"`
	Period word `yaml:"period" is:"key"`
	At     spot
}

type clockSyntax struct {
	Clock     word          `yaml:"clock" is:"key" need:"yes"`
	Words     words         `yaml:"words" need:"yes"`
	Term      word          `yaml:"term" of:"term" need:"yes"`
	Basis     word          `yaml:"basis" of:"basis" need:"yes"`
	Length    word          `yaml:"length" is:"count" doc:"in units of the basis; or parameter, or until"`
	Parameter word          `yaml:"parameter" is:"key"`
	Until     word          `yaml:"until" is:"key" doc:"a date field"`
	Limit     limitSyntax   `yaml:"limit" doc:"what a record lays down goes before length or parameter"`
	Source    words         `yaml:"source" need:"yes"`
	Confirmed word          `yaml:"confirmed" is:"yes-no" need:"yes"`
	Pauses    []pauseSyntax `yaml:"pauses"`
	Extend    extendSyntax  `yaml:"extend" doc:"once"`
	Ladder    word          `yaml:"ladder" is:"key"`
	Decides   []word        `yaml:"decides" is:"key" doc:"acts with asked-by: it runs from the asking until somebody decides"`
	At        spot
}

type limitSyntax struct {
	From      word          `yaml:"from" is:"key" need:"yes" doc:"field of kind record: the one that is chosen lays the limit down"`
	Length    word          `yaml:"length" is:"key" need:"yes" doc:"integer column of its register"`
	Basis     word          `yaml:"basis" is:"key" doc:"choice column; none: the basis of the clock"`
	Source    word          `yaml:"source" is:"key" doc:"text column"`
	Confirmed word          `yaml:"confirmed" is:"key" doc:"yes-no column"`
	Stages    []stageSyntax `yaml:"stages" doc:"consecutive stages with limits of their own, where the record has any"`
	At        spot
}

type stageSyntax struct {
	Stage  word  `yaml:"stage" is:"key" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	Length word  `yaml:"length" is:"key" need:"yes" doc:"integer column"`
	Basis  word  `yaml:"basis" is:"key" doc:"choice column"`
	At     spot
}

type pauseSyntax struct {
	Code    word  `yaml:"code" is:"key" need:"yes"`
	Words   words `yaml:"words" need:"yes"`
	Article words `yaml:"article" need:"yes" doc:"the legal article that allows it"`
	At      spot
}

type extendSyntax struct {
	Most word         `yaml:"most" is:"count" need:"yes" doc:"in units of the basis"`
	Each []eachSyntax `yaml:"each" doc:"the cap where a record lays down another basis"`
	By   word         `yaml:"by" is:"party" need:"yes"`
	At   spot
}

type eachSyntax struct {
	Basis word `yaml:"basis" of:"basis" need:"yes"`
	Most  word `yaml:"most" is:"count" need:"yes" doc:"in units of that basis"`
	At    spot
}

type ladderSyntax struct {
	Ladder word         `yaml:"ladder" is:"key" need:"yes"`
	Rungs  []rungSyntax `yaml:"rungs" need:"full"`
	At     spot
}

type rungSyntax struct {
	Rung   word  `yaml:"rung" of:"rung" need:"yes" doc:"each at most once, in this order"`
	Words  words `yaml:"words" doc:"if other words than 提醒, 催办, 督办, 通报"`
	Before word  `yaml:"before" is:"count"`
	On     word  `yaml:"at" of:"at"`
	After  word  `yaml:"after" is:"count"`
	Used   word  `yaml:"used" is:"count" doc:"per cent of the period"`
	To     word  `yaml:"to" is:"party" need:"yes"`
	Raises word  `yaml:"raises" is:"ref"`
	At     spot
}

type registerSyntax struct {
	Register word          `yaml:"register" is:"key" need:"yes"`
	Words    words         `yaml:"words" need:"yes"`
	Key      word          `yaml:"key" is:"key" need:"yes" doc:"the field that is the natural key"`
	Title    word          `yaml:"title" is:"key" need:"yes" doc:"the field that names a record"`
	Fields   []fieldSyntax `yaml:"fields" need:"full"`
	Facets   []word        `yaml:"facets" is:"key"`
	Public   word          `yaml:"public" is:"yes-no"`
	Records  word          `yaml:"records" is:"csv" doc:"rows that it starts with"`
	At       spot
}

type indicatorSyntax struct {
	Indicator word          `yaml:"indicator" is:"key" need:"yes"`
	Words     words         `yaml:"words" need:"yes"`
	Unit      word          `yaml:"unit" is:"short" need:"yes"`
	Mode      word          `yaml:"mode" of:"mode" need:"yes"`
	Shape     word          `yaml:"shape" of:"shape" need:"yes"`
	Direction word          `yaml:"direction" of:"direction" need:"yes"`
	Count     countSyntax   `yaml:"count" doc:"of mode counted"`
	Returns   returnsSyntax `yaml:"returns" doc:"of mode reported: the matters that report it"`
	Formula   word          `yaml:"formula" is:"rule" doc:"of mode derived"`
	Beside    word          `yaml:"beside" is:"ref"`
	Subjects  []word        `yaml:"subjects" is:"short"`
	Source    words         `yaml:"source" need:"yes"`
	Confirmed word          `yaml:"confirmed" is:"yes-no" need:"yes"`
	At        spot
}

type returnsSyntax struct {
	Of     word       `yaml:"of" is:"ref" need:"yes"`
	Value  word       `yaml:"value" is:"key" need:"yes" doc:"the field of the figure"`
	Quick  word       `yaml:"quick" is:"key" doc:"that of the quick figure"`
	Period word       `yaml:"period" is:"key" need:"yes" doc:"the field of the month or period: of kind month, or a text"`
	Where  dict[word] `yaml:"where" is:"value" doc:"facets by which a return is of this indicator"`
	At     spot
}

type countSyntax struct {
	Of      word `yaml:"of" is:"ref" need:"yes"`
	Measure word `yaml:"measure" of:"measure" need:"yes"`
	Sum     word `yaml:"sum" is:"key" doc:"of measure sum: the facet"`
	Where   word `yaml:"where" is:"rule"`
	Of100   word `yaml:"of100" is:"rule" doc:"of measure ratio: which of them"`
	Cohort  word `yaml:"cohort" of:"cohort" need:"yes"`
	At      spot
}

type templateSyntax struct {
	Template word  `yaml:"template" is:"key" need:"yes"`
	Words    words `yaml:"words" need:"yes"`
	For      word  `yaml:"for" is:"ref" need:"yes"`
	Body     words `yaml:"body" need:"yes"`
	At       spot
}

type noticeSyntax struct {
	Notice word  `yaml:"notice" of:"occasion" need:"yes" doc:"what it is about"`
	For    word  `yaml:"for" is:"key" doc:"a kind of this pack; none: all of them"`
	Words  words `yaml:"words" need:"yes" doc:"slots: {number} {kind} {act} {state} {unit} {clock} {due}"`
	At     spot
}

type chapterSyntax struct {
	Heading words `yaml:"heading" need:"yes"`
	Body    words `yaml:"body" need:"yes"`
	At      spot
}

type listSyntax struct {
	List    word       `yaml:"list" is:"key" need:"yes"`
	Words   words      `yaml:"words" need:"yes"`
	Of      word       `yaml:"of" is:"ref" need:"yes"`
	Open    word       `yaml:"open" is:"yes-no"`
	States  []word     `yaml:"states" is:"key"`
	Where   dict[word] `yaml:"where" is:"value"`
	Columns []word     `yaml:"columns" is:"key" need:"full"`
	Order   word       `yaml:"order" of:"order" need:"yes"`
	At      spot
}

type scorecardSyntax struct {
	Scorecard word               `yaml:"scorecard" is:"key" need:"yes"`
	Words     words              `yaml:"words" need:"yes"`
	Of        word               `yaml:"of" is:"key" need:"yes" doc:"a kind of this pack"`
	Clock     word               `yaml:"clock" is:"key" need:"yes" doc:"the clock that says when a matter was due and whether it was in time"`
	By        []word             `yaml:"by" is:"key" need:"full" doc:"fields to break down by"`
	Counts    []scoreCountSyntax `yaml:"counts" need:"full"`
	Rates     []scoreRateSyntax  `yaml:"rates"`
	Bands     []scoreBandSyntax  `yaml:"bands" doc:"from the best on"`
	At        spot
}

type scoreCountSyntax struct {
	Count  word  `yaml:"count" is:"key" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	Cohort word  `yaml:"cohort" of:"cohort" need:"yes"`
	Where  word  `yaml:"where" is:"rule" doc:"over state, unit, area, the kind's fields, in-time and the counts of verbs"`
	At     spot
}

type scoreRateSyntax struct {
	Rate      word  `yaml:"rate" is:"key" need:"yes"`
	Words     words `yaml:"words" need:"yes"`
	Part      word  `yaml:"part" is:"key" need:"yes" doc:"a count"`
	Whole     word  `yaml:"whole" is:"key" need:"yes" doc:"a count"`
	Weight    word  `yaml:"weight" is:"count" doc:"in the score; none: only shown"`
	Direction word  `yaml:"direction" of:"direction" doc:"lower: less is better"`
	At        spot
}

type scoreBandSyntax struct {
	From  word  `yaml:"from" is:"count" need:"yes" doc:"a score"`
	Words words `yaml:"words" need:"yes"`
	Light word  `yaml:"light" of:"light" need:"yes"`
	At    spot
}

type doorSyntax struct {
	Door     word        `yaml:"door" is:"key" need:"yes"`
	For      []word      `yaml:"for" of:"audience" need:"full" doc:"people: a public page; programs: Open311; sensors: JSON with a key"`
	Words    words       `yaml:"words" need:"yes"`
	Help     words       `yaml:"help"`
	Of       word        `yaml:"of" is:"ref" need:"yes"`
	Act      word        `yaml:"act" is:"key" need:"yes" doc:"the act that opens the matter, by anybody/public; for sensors by anybody/sensor"`
	Services word        `yaml:"services" is:"key" need:"yes" doc:"field of kind record: the rows of its register are what is reported"`
	About    aboutSyntax `yaml:"about" doc:"fields of that register which tell of a service"`
	Says     saysSyntax  `yaml:"says" need:"yes" doc:"which field takes what was said"`
	Sets     dict[word]  `yaml:"sets" is:"value" doc:"fields that the door fills itself"`
	Answer   word        `yaml:"answer" is:"key" doc:"field that the reporter reads at the end"`
	At       spot
}

type aboutSyntax struct {
	English  word `yaml:"english" is:"key" doc:"its name in English"`
	Group    word `yaml:"group" is:"key" doc:"what it belongs to"`
	Keywords word `yaml:"keywords" is:"key" doc:"words that people use for it, with 、 between"`
	Text     word `yaml:"text" is:"key" doc:"what it is filed for"`
	Open     word `yaml:"open" is:"key" doc:"yes-no: whether it may be reported at this door"`
	At       spot
}

type saysSyntax struct {
	Text    word `yaml:"text" is:"key" need:"yes" doc:"in their own words"`
	Place   word `yaml:"place" is:"key" doc:"the point on the map"`
	Address word `yaml:"address" is:"key"`
	Name    word `yaml:"name" is:"key"`
	Phone   word `yaml:"phone" is:"key"`
	Email   word `yaml:"email" is:"key"`
	At      spot
}

type assessmentSyntax struct {
	Pieces     []pieceSyntax     `yaml:"pieces" need:"full"`
	Bonus      word              `yaml:"bonus" is:"count"`
	Deductions []deductionSyntax `yaml:"deductions"`
	Veto       []vetoSyntax      `yaml:"veto"`
	Appeal     appealSyntax      `yaml:"appeal" need:"yes"`
	At         spot
}

type pieceSyntax struct {
	Piece  word  `yaml:"piece" of:"piece" need:"yes"`
	Weight word  `yaml:"weight" is:"count" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	At     spot
}

type deductionSyntax struct {
	Event  word  `yaml:"event" of:"event" need:"yes"`
	Points word  `yaml:"points" is:"count" need:"yes"`
	Words  words `yaml:"words" need:"yes"`
	At     spot
}

type vetoSyntax struct {
	Indicator word  `yaml:"indicator" is:"ref" need:"yes"`
	Words     words `yaml:"words" need:"yes"`
	At        spot
}

type appealSyntax struct {
	Basis  word `yaml:"basis" of:"basis" need:"yes"`
	Length word `yaml:"length" is:"count" need:"yes"`
	At     spot
}

type casesSyntax struct {
	Cases []caseSyntax `yaml:"cases" need:"full"`
	At    spot
}

type caseSyntax struct {
	Case    words              `yaml:"case" need:"yes"`
	Matter  word               `yaml:"matter" is:"key" need:"yes"`
	Persons dict[personSyntax] `yaml:"persons" need:"full" doc:"who appears"`
	Steps   []stepSyntax       `yaml:"steps" need:"full"`
	At      spot
}

type personSyntax struct {
	Unit word `yaml:"unit" is:"key" doc:"left out for the public and sensors, who are of none"`
	Role word `yaml:"role" is:"key" need:"yes"`
	At   spot
}

type stepSyntax struct {
	On       word         `yaml:"at" is:"instant" need:"yes"`
	By       word         `yaml:"by" is:"key"`
	Do       word         `yaml:"do" is:"key"`
	Tick     word         `yaml:"tick" is:"yes-no" doc:"the scheduler looks"`
	With     dict[word]   `yaml:"with" is:"value"`
	Evidence []word       `yaml:"evidence" of:"evidence"`
	Reason   word         `yaml:"reason" is:"short"`
	Code     word         `yaml:"code" is:"key" doc:"of a pause"`
	Clock    word         `yaml:"clock" is:"key" doc:"of an extension"`
	Units    word         `yaml:"units" is:"count" doc:"of an extension"`
	Until    word         `yaml:"until" is:"date" doc:"of an extension of a clock that ends with a date"`
	Expect   expectSyntax `yaml:"expect"`
	Refused  word         `yaml:"refused" is:"key" doc:"the code of the refusal"`
	At       spot
}

type expectSyntax struct {
	State  word       `yaml:"state" is:"key"`
	Holder word       `yaml:"holder" is:"value"`
	Light  word       `yaml:"light" of:"light"`
	Clocks dict[word] `yaml:"clocks" is:"value" doc:"clock: date or time that it is due, paused, or stopped"`
	Stages dict[word] `yaml:"stages" is:"key" doc:"clock: the stage in which it is, or none"`
	Fields dict[word] `yaml:"fields" is:"value"`
	Rungs  []word     `yaml:"rungs" is:"rung" doc:"clock/rung, those that fired in this step"`
	Told   []word     `yaml:"told" is:"value" doc:"unit/person, those who are told of the rungs of this step"`
	Raises []word     `yaml:"raises" is:"ref" doc:"kinds of the matters raised in this step"`
	Public word       `yaml:"public" is:"yes-no"`
	Asked  word       `yaml:"asked" is:"key" doc:"the act that was asked for and waits for a decision, or none"`
	At     spot
}
