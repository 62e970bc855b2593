/**
 * 1,024 short English words for made-up prompts. Each is one token, with the space before it, in the vocabularies of
 * GPT-2, cl100k, o200k and Llama 2 (checked when the list was made), so that about n words are n tokens for most models.
 * The number is a power of two: a word stands for 10 bits where words name a conversation. The order is part of the
 * workload: changing it changes every synthetic prompt.
 */
export const WORDS: readonly string[] = `
able about above abroad absolute accident according account accurate acid acquaint act acted acting action actions
active activity acts actual adapted add added adding addition adjacent admit admitted advantage affect after again
against ago agree agreed air all allow allowed almost alone along already also alter alternate although always ambient
among amongst amounts and angle angular animal anonymous another answer answered answering answers any apart apparent
appear appeared appearing appears applied apply applying approach are argue arise arose arrive arrived aside ask asked
assign assigned assistant associate assume assumed assuming attempted attract attribute avail aware away back
backwards balance bare beam bear became because become becomes becoming been before began begin beginning begins begun
behind being believe believed belonging below bent beside besides best better between beyond big bigger biggest black
blue border borders bore both bottom bounded break breaking breaks bright bring bringing brings broad broke broken
brought brown bulk burn burning burst but call called came can cannot capable care carefully carried carry carrying
case cases cast casting cause caused causes causing ceased center central certain certainly chance change changed
changes changing chosen circle circular clean clear cleared clearer clearly close cluster coat cold collect collected
colour colours come comes coming commit common commonly compact compared comparing component compose composed
computing conclude concluded confirm confirmed confused confusion consider consist consisted consists constant contact
contain contained contains content continue continued continues contract contrary converted cool corner corners
correct corrected could counted covered covering crack create created cross crossing curious curve cut cutting dark
dash decay declared decrease deep deeper define defined degree degrees denote denotes dense density depend depends
derived descend describe described design desired determine diameter did differ different difficult direct directed
directly dirty disappear discover dispute distance distances distant distinct disturb divide divided does doing done
double doubt down draw drawing drawn dry due during each easily easy edge edges effect eight either eleven else emit
empty enabled end ended ends enough enter enters entire entirely entrance equal equally estimated even ever every
evident exactly examine exceed except excited expand expanded explain explained expressed extend extended extent
exterior external extreme faint fall falling falls false far farther fast fat fell few fewer fifteen fifth figured
file fill filled filling find fine fire first fit fits five fixed flash flat float flow fluid follow following follows
for force form formed former forth forty found four fourth free freely fresh fro from full fully fusion gather
gathered gave general generally generated gentle get give given goes going good got gradually great greater greatest
green grew grey gross ground grounds grow growing grown grows had half hand handle happen happened happens hard harder
has have having heap heard height held help hence here higher highest him hit hold holds hole holes hot how hundred
immediate imply improved incident increase increased increases infer inferior infinite inside instance instant instead
intercept interior internal into irregular its joined joining judge just keep keeps kept kind kinds knew know known
laid large larger largest last late latter lay learn least leave leaving left length lengths less let lets letting lie
lies lift lifted light like limit limited limits line lines little long longer longest look looked looking looks lose
losing loss lost lower lowest lying made magnitude main make makes making manifest manner many material matter may
mean means measure measured measures meet meeting mentioned met method middle midst might minute mix mixed mixing
mixture moment more most motion move moved moves moving much must namely natural nature near nearest nearly necessary
need neither never new newly next nice nine noise none nor not noted nothing now number numbers numerous observe
observed obtain obtained obvious occur odd off often old once one ones only opacity open opposite optical orange order
ordered orders ordinary original other others otherwise ought our out outside over own paint painted painting pale
parallel part partly parts pass passage passed passes passing past per perfect perfectly perform perhaps permanent
piece pieces place placed places placing plain plane plate pleasant please pleasure point points position positions
possible possibly power precisely presence present presently press pressed pressing pressure pretty primary principal
probable probably proceed proceeded produce produced producing progress promote proper properly propose proposed prove
proved proves provided pure purpose put puts putting quantity quarter question quick quickly quiet rank rare rather
ratio rational reach reached reaches reaching read readily ready really reason receive received recover red reduced
reflect reflected regular regularly rejected related relation remain remained remaining remains remote removed render
repeat repeated represent require required resist respect rest restore result resulting retain retained return
returning returns right rise rising room round run running rust said same satisfied saw say scarcely scattered second
see seeing seem seemed seems seen sees self send sensible separate separated serve serves set seven several shadow
shall shape sharp short shorter should side sides sight simple simpler since single sink situated situation six sixth
sizes slide slow slower slowly small smaller smallest smooth soft solar solid solution some something sometimes
somewhere soon sooner sort sorts space speak split splitting spot spread square stand standing stays steady stick
still stir stood stop stopping stops straight strange stream streams strength strike striking stroke strong stronger
strongly succeed succeeded such sudden suffered sum superior suppose supposed take taken takes taking tall teaching
tell ten tend tends than that the their them then there thereby therefore these they thick thin thing things think
third thirty this those though thought thousand three through thrown thus tied till time times together told too took
top total totally touch toward towards transmit trial tried true truly truth try trying turn turned turning turns
twelve twenty twice two under uniform uniformly union universal unknown unless until unto unusual upon upper use used
useful useless uses using usual usually variation varied variety various vary varying vast velocity very view viewed
virtue visible vital void want wanting wants warm was way ways weak wear weight well went were what whatever when
whenever where whereas whether which while whilst white who whole whose why wide will with within without working worn
worship worth would write written yellow yet yield yields you
`
  .trim()
  .split(/\s+/);
