"""What tools/words finds in sources, and what it refuses in catalogues."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import re
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
loader = importlib.machinery.SourceFileLoader("words", os.path.join(ROOT, "tools/words"))
words = importlib.util.module_from_spec(importlib.util.spec_from_loader("words", loader))
loader.exec_module(words)

HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
ARABIC = ('msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 '
          '&& n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n"\n\n')


def found(source, name="src/jobs/job.c"):
    texts = words.Texts()
    scan = words.scan_template if name.endswith(".html") else words.scan_script if name.endswith(".js") else words.scan_c
    scan(texts, name, source)
    return texts


def keys(source, name="src/jobs/job.c"):
    return list(found(source, name).by_key)


def plain(source, name="src/jobs/job.c"):
    return [one for context, one in keys(source, name)]


def faults(body, head=HEAD):
    with tempfile.NamedTemporaryFile("w", suffix=".po", encoding="utf-8") as file:
        file.write(head + body)
        file.flush()
        return list(words.catalogue_faults(words.po_read(file.name)))


def entry(one, said):
    return f"msgid {words.quote(one)}\nmsgstr {words.quote(said)}\n"


def what_is_given_to_those_that_say_is_found():
    assert plain('f(view_t(v, "waiting"), words(v, "%s of" " %s", a, b));') == ["waiting", "%s of %s"]
    assert plain('error_add(e, INVALID, "to", "unknown_stage", "no stage “%s”", x);') == ["no stage “%s”"]
    assert plain('return fail(r, MISSING, "gone", late ? "too late" : "too soon");') == ["too late", "too soon"]
    assert keys('view_tc(v, "stage", "Setting");') == [("stage", "Setting")]
    assert plain('context_words(cx, "moved to %s", view_t(v, "here"));') == ["moved to %s", "here"]


def addresses_and_names_of_controls_are_no_words():
    assert plain('words(v, "/jobs/%ld", n); words(v, "lines.%ld.net", n); words(v, "t-%s", t); words(v, "%s %s", a, b);') == []


def tables_are_read_by_their_looks():
    assert plain('static const struct word w[] = {{"claw", "Claw"}, {"high_polish", "High polish"}, {NULL, NULL}};') == \
        ["Claw", "High polish"]
    assert plain('static const struct sql s = {"row", "select name from job where id = $1 Or so"};') == []
    assert plain('struct page p = {.title = "New job", .url = "/Some Place/New", .icon = "Plus sign"};') == ["New job"]


def the_log_and_comparisons_are_not_read():
    assert plain('log_info("request answered", log_text("Who came", x)); if (strcmp(a, "Some words")) return;') == []


def a_field_without_a_label_is_called_by_its_name():
    assert plain("FIELD(struct job, ring_size, FIELD_RING, .max = 3), FIELD(struct job, id, FIELD_ID),"
                 'FIELD(struct job, note, FIELD_LONG, .label = "What they said")') == ["What they said", "Ring size"]


def comments_and_broken_up_texts_are_understood():
    assert plain('/* "Not this one" */ view_t(v, /* or "This" */ "a\\"b\\" "\n   "c"); // "Nor This one"') == ['a"b" c']


def templates_say_words_in_braces_only():
    texts = found('<p title="{{t "Two %s", x}}">{{t n == 1 ? "%ld ring" : "%ld rings", n}}{{tc "stage", "Setting"}}'
                  '{{> empty(view_t(v, "none yet"), NULL)}}{{late ? " is-late" : ""}}</p>\n@ f(view_t(v, "in C"));\n',
                  "src/desk/board.html")
    assert texts.faults == []
    assert set(texts.by_key) == {(None, "Two %s"), (None, "%ld ring"), ("stage", "Setting"), (None, "none yet"),
                                 (None, "in C")}
    assert texts.by_key[(None, "%ld ring")].many == "%ld rings"


def an_apostrophe_in_a_comment_hides_nothing():
    assert plain("{{# The shop's own. }}<p>{{t \"Main\"}}</p>", "src/a/b.html") == ["Main"]


def words_outside_of_braces_are_told():
    assert found("<p>Hello {{name}}</p>", "src/a/b.html").faults
    assert found('<button aria-label="Close it">×</button>', "src/a/b.html").faults
    assert not found("<p>{{x}} · {{y}} <kbd>Ctrl Enter</kbd> 100 %</p>", "src/a/b.html").faults


def a_text_chosen_by_one_is_told():
    assert found('words(v, n == 1 ? "%ld ring" : "%ld rings", n);').faults
    counted = found('words_n(v, n, "%ld ring", "%ld rings", n);')
    assert not counted.faults and counted.by_key[(None, "%ld ring")].many == "%ld rings"


def scripts_say_words_too():
    assert plain("t('Draft saved %s', clock()); tn(count, '%s match', '%s matches')", "web/scripts/a.js") == \
        ["Draft saved %s", "%s match"]


def a_translation_takes_what_its_english_takes():
    assert not faults(entry("%s has %ld", "%s hat %ld"))
    assert not faults(entry("%s has %ld", "%2$ld hat %1$s"))
    assert not faults(entry("100%% of %s", "100 %% von %s"))
    for said in ("%ld hat %s", "%s hat", "%s hat %ld %s", "%s hat %d", "%2$s hat %1$ld", "%2$ld allein", "%1$s hat %ld"):
        assert faults(entry("%s has %ld", said)), said


def html_blanks_and_tokens_are_kept():
    assert faults(entry("Sign in", "<b>Anmelden</b>"))
    assert faults(entry(" and more", "und mehr"))
    assert faults(entry("Dear {customer}", "Hallo {kunde}"))
    assert not faults(entry("Dear {customer}", "Guten Tag {customer}"))


def every_form_of_a_text_that_counts_is_there():
    start = 'msgid "%ld day"\nmsgid_plural "%ld days"\n'
    assert not faults(start + 'msgstr[0] "%ld Tag"\nmsgstr[1] "%ld Tage"\n')
    assert faults(start + 'msgstr[0] "%ld Tag"\n')
    assert faults(start + 'msgstr[0] "%ld Tag"\nmsgstr[1] "%ld Tage"\nmsgstr[2] "%ld"\n')
    six = "".join(f'msgstr[{form}] "{text}"\n' for form, text in
                  enumerate(["لا أيام", "يوم واحد", "يومان", "%ld أيام", "%ld يومًا", "%ld يوم"]))
    assert not faults(start + six, ARABIC)
    assert faults(start + six.replace("%ld أيام", "%s أيام"), ARABIC)


def nothing_is_said_twice():
    assert faults(entry("Sign in", "Anmelden") + "\n" + entry("Sign in", "Einloggen"))


def a_file_is_written_as_it_was_read():
    body = HEAD + ('# From the workshop.\n#: src/a.c\n#, c-format\nmsgctxt "stage"\nmsgid "Set \\"%s\\""\n'
                   'msgstr ""\n"Gefasst: %s\\n"\n"Zeile"\n\n#~ msgid "Old"\n#~ msgstr "Alt"\n')
    with tempfile.NamedTemporaryFile("w+", suffix=".po", encoding="utf-8") as file:
        file.write(body)
        file.flush()
        catalogue = words.po_read(file.name)
        again = words.po_text(catalogue.head, catalogue.entries)
    assert again.split("\n\n", 1)[1] == body.split("\n\n", 1)[1], again


def what_would_break_a_page_does_not_build():
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "xx.po"), os.path.join(folder, "out.c")
        for said, builds in (("%s fehlt", True), ("fehlt", False)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(HEAD + entry("%s is missing", said))
            try:
                words.compile_tables(out, [path])
                assert builds
            except SystemExit as refused:
                assert not builds and re.match(r".*xx\.po:5: error: .*is missing", str(refused)), refused


def a_filled_fragment_comes_back_into_the_catalogue():
    old = words.ROOT
    with tempfile.TemporaryDirectory() as folder:
        words.ROOT = folder
        try:
            for name in ("catalogues", "src/jobs", "web/scripts"):
                os.makedirs(os.path.join(folder, name))
            with open(os.path.join(folder, "catalogues/xx.po"), "w", encoding="utf-8") as file:
                file.write(HEAD + entry("Gone since", "Weg"))
            with open(os.path.join(folder, "src/jobs/a.c"), "w", encoding="utf-8") as file:
                file.write('view_t(v, "First"); words_n(v, n, "%ld day", "%ld days", n); view_t(v, "Last");')
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                words.missing("xx")
            assert said.getvalue().count('msgstr ""') == 2 and said.getvalue().count('msgstr[1] ""') == 1
            fragment = os.path.join(folder, "mine.po")
            with open(fragment, "w", encoding="utf-8") as file:
                file.write(said.getvalue().replace('"First"\nmsgstr ""', '"First"\nmsgstr "Erstes"')
                           .replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%s Tag"\nmsgstr[1] "%ld Tage"'))
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    words.merge("xx", fragment)
                    assert False, "a wrong translation was taken in"
                except SystemExit as refused:
                    assert "%ld day" in str(refused)
            entries = words.po_read(words.catalogue_path("xx")).entries
            assert [(each.one, each.said[0]) for each in entries] == [("First", "Erstes"), ("Gone since", "Weg")]
            with contextlib.redirect_stdout(io.StringIO()):
                words.update(["xx"])
            entries = words.po_read(words.catalogue_path("xx")).entries
            assert [(each.one, each.obsolete) for each in entries] == \
                [("First", False), ("%ld day", False), ("Last", False), ("Gone since", True)]
        finally:
            words.ROOT = old


RULES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", None) == "__main__" and
         name not in ("found", "keys", "plain", "faults", "entry")]
failed = 0
for number, rule in enumerate(RULES, 1):
    try:
        rule()
        print(f"ok {number} - {rule.__name__}")
    except Exception:  # pylint: disable=broad-except
        failed += 1
        print(f"not ok {number} - {rule.__name__}")
        print("# " + traceback.format_exc().replace("\n", "\n# "), file=sys.stderr)
print(f"1..{len(RULES)}")
sys.exit(failed > 0)
