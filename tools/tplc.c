/* tplc: compiles an HTML template to typed C.
 *
 *     tplc INPUT OUT.c OUT.h NAME      one template; NAME is "jobs/board.html"
 *
 * The language is described in docs/templates.md. The compiler follows the HTML as it reads: it
 * knows at every `{{value}}` whether it stands between tags, in an attribute, in a URL or in a text
 * area, and picks the escaper that makes any text harmless there. Where no escaper could (a script,
 * a style, an event attribute, a tag's name) it refuses. What it refuses it tells as `file:line:
 * error: sentence`; what only the C compiler can know (fields, types) is told at the template's own
 * line too, by `#line`.
 *
 * A tool of the build that runs for milliseconds: memory is never given back. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
#define NAME_SIZE 48

/* ------------------------------------------------------------------ where in the HTML we are */

enum where {
    OUTSIDE,   /* of any page or part */
    TEXT,      /* between tags */
    IN_TAG,    /* between the attributes of a start tag */
    IN_VALUE,  /* inside a quoted attribute value */
    IN_RCDATA, /* inside textarea or title: no tags, but character references */
};

enum kind {
    PLAIN,   /* any text */
    URL,     /* one URL */
    URL_SET, /* srcset: URLs with descriptors, separated by commas */
    REFUSED, /* literal only */
};

/* How much of a URL has been read. */
enum phase {
    URL_START,  /* nothing: a value here is a whole URL, or its beginning */
    URL_PREFIX, /* letters that may become a scheme */
    URL_OPENED, /* a value, and no delimiter after it yet: a colon would make it a scheme */
    URL_TEL,
    URL_MAIL,
    URL_REST,
};

enum blank { NO_BLANK, SPACE, NEWLINE };

struct element {
    char name[NAME_SIZE];
    int line;
    bool unkeyed; /* a form that posts and has not had its hidden fields */
};

/* Everything that must be the same wherever two ways through the template meet. */
struct place {
    enum where where;
    char tag[NAME_SIZE]; /* of the start tag being read */
    bool posts;          /* it is a form with method="post" */
    char attribute[NAME_SIZE];
    char quote;
    enum kind kind;
    enum phase phase;
    char literal[16]; /* the value's first literal characters */
    size_t literal_length;
    int depth;
    struct element open[DEPTH_MAX];
    enum blank blank; /* white space read and not yet written */
    bool begun;       /* something was written: white space before it is dropped */
    bool dead;        /* after continue, break or return: nobody comes here */
};

enum block { BLOCK_IF, BLOCK_ELSE, BLOCK_LOOP, BLOCK_SWITCH, BLOCK_PLAIN };

struct frame {
    enum block block;
    int line;
    struct place entry; /* where its body began */
    struct place end;   /* where the branches so far ended */
    bool ended;         /* `end` is set */
    bool blank_after;
};

/* A growing text. */
struct text {
    char *at;
    size_t length, capacity;
};

static struct {
    const char *file;
    const char *at, *end; /* what is left of the template */
    int line;
    bool line_start;
    struct place place;
    struct frame frames[DEPTH_MAX];
    int frame_count;
    const char *function; /* being compiled, "part job_card", or NULL */
    int function_line;
    struct text code, header, literal;
    int literal_line;
    int code_line; /* the template's line that the C compiler thinks it is in; 0: unknown */
} tpl;

static _Noreturn void fail_at(int line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static _Noreturn void fail_at(int line, const char *format, ...) {
    va_list args;
    fprintf(stderr, "%s:%d: error: ", tpl.file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

#define fail(...) fail_at(tpl.line, __VA_ARGS__)

static void text_add(struct text *text, const char *bytes, size_t length) {
    if (text->capacity - text->length <= length) {
        text->capacity = (text->capacity + length) * 2 + 256;
        text->at = realloc(text->at, text->capacity);
        if (text->at == NULL) {
            fputs("tplc: out of memory\n", stderr);
            exit(1);
        }
    }
    memcpy(text->at + text->length, bytes, length);
    text->length += length;
    text->at[text->length] = '\0';
}

static void text_vsay(struct text *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void text_vsay(struct text *text, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    size_t before = text->length;
    for (int i = 0; i <= length; i++)
        text_add(text, " ", 1);
    vsnprintf(text->at + before, (size_t)length + 1, format, again);
    text->length = before + (size_t)length;
    va_end(again);
}

static void text_say(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void text_say(struct text *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    text_vsay(text, format, args);
    va_end(args);
}

/* Strings that live as long as the program and stay reachable, so that no leak checker minds. */
static char *keep(const char *from, size_t length) {
    struct kept {
        struct kept *next;
        char at[];
    };
    static struct kept *all;
    struct kept *kept = malloc(sizeof *kept + length + 1);
    if (kept == NULL) {
        fputs("tplc: out of memory\n", stderr);
        exit(1);
    }
    kept->next = all;
    all = kept;
    memcpy(kept->at, from, length);
    kept->at[length] = '\0';
    return kept->at;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool in_list(const char *const *list, const char *name) {
    for (; *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

static bool starts(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

static bool looking_at(const char *start) {
    size_t length = strlen(start);
    return (size_t)(tpl.end - tpl.at) >= length && memcmp(tpl.at, start, length) == 0;
}

static void skip(size_t count) {
    for (; count > 0 && tpl.at < tpl.end; count--) {
        tpl.line_start = *tpl.at == '\n';
        if (*tpl.at++ == '\n')
            tpl.line++;
    }
}

/* ------------------------------------------------------------------------ what is written */

/* The C compiler is told a line only when it would guess wrong. */
static void code_at(int line) {
    if (tpl.code_line != line) {
        text_say(&tpl.code, "#line %d \"%s\"\n", line, tpl.file);
        tpl.code_line = line;
    }
}

static void code_indent(void) {
    for (int i = 0; i <= tpl.frame_count; i++)
        text_say(&tpl.code, "    ");
}

static void code_newline(void) {
    text_add(&tpl.code, "\n", 1);
    tpl.code_line++;
}

static void literal_flush(void) {
    if (tpl.literal.length == 0)
        return;
    code_at(tpl.literal_line);
    code_indent();
    text_say(&tpl.code, "buf_lit(v->out, \"");
    for (size_t i = 0; i < tpl.literal.length; i++) {
        char c = tpl.literal.at[i];
        if (c == '\n') {
            text_say(&tpl.code, "\\n");
            if (i + 1 < tpl.literal.length) {
                text_say(&tpl.code, "\"");
                code_newline();
                code_indent();
                text_say(&tpl.code, "                \"");
            }
        } else if (c == '"' || c == '\\' || c == '?') { /* `?`: C17 still has trigraphs */
            text_say(&tpl.code, "\\%c", c);
        } else if ((unsigned char)c < ' ') {
            text_say(&tpl.code, "\\%03o", (unsigned)(unsigned char)c);
        } else {
            text_add(&tpl.code, &c, 1);
        }
    }
    text_say(&tpl.code, "\");");
    code_newline();
    tpl.literal.length = 0;
}

static void literal_put(const char *bytes, size_t length) {
    if (tpl.literal.length == 0)
        tpl.literal_line = tpl.line;
    text_add(&tpl.literal, bytes, length);
}

static void literal_text(const char *text) {
    literal_put(text, strlen(text));
}

/* White space waits here: it is written only when something follows it. */
static void blank_flush(void) {
    if (tpl.place.blank != NO_BLANK && tpl.place.begun)
        literal_text(tpl.place.blank == NEWLINE && tpl.place.where == TEXT ? "\n" : " ");
    tpl.place.blank = NO_BLANK;
    tpl.place.begun = true;
}

static void code_statement(int line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void code_statement(int line, const char *format, ...) {
    va_list args;
    literal_flush();
    code_at(line);
    code_indent();
    size_t before = tpl.code.length;
    va_start(args, format);
    text_vsay(&tpl.code, format, args);
    va_end(args);
    for (const char *p = tpl.code.at + before; *p != '\0'; p++)
        tpl.code_line += *p == '\n';
    code_newline();
}

/* ------------------------------------------------------------------------- what HTML says */

static const char *const void_elements[] = {"area",  "base",   "br",    "col",  "embed",
                                            "hr",    "img",    "input", "link", "meta",
                                            "param", "source", "track", "wbr",  NULL};

/* What ends a paragraph that is still open: the browser would close it and orphan its `</p>`. */
static const char *const blocks[] = {
    "address",  "article", "aside",   "blockquote", "details", "dialog", "div", "dl",
    "fieldset", "figure",  "footer",  "form",       "h1",      "h2",     "h3",  "h4",
    "h5",       "h6",      "header",  "hr",         "main",    "menu",   "nav", "ol",
    "p",        "pre",     "section", "table",      "ul",      NULL};

static const char *const refused_elements[] = {
    "style", "xmp", "plaintext", "noembed", "noframes", "listing", "object", "embed", "base", NULL};

static const char *const url_attributes[] = {
    "href",       "src",         "action",         "formaction",  "poster",         "cite",
    "data",       "manifest",    "ping",           "background",  "longdesc",       "usemap",
    "xlink:href", "hx-get",      "hx-post",        "hx-put",      "hx-patch",       "hx-delete",
    "hx-action",  "hx-push-url", "hx-replace-url", "sse-connect", "hx-sse:connect", NULL};

/* The browser or htmx reads a language of its own here: no escaper of ours would make a value safe.
 */
static const char *const literal_attributes[] = {
    "hx-vals", "hx-vars",       "hx-headers", "hx-request", "hx-config", "hx-trigger", "hx-swap",
    "hx-ext",  "attributename", "integrity",  "sandbox",    "allow",     NULL};

static bool open_has(const char *name) {
    for (int i = 0; i < tpl.place.depth; i++)
        if (strcmp(tpl.place.open[i].name, name) == 0)
            return true;
    return false;
}

static bool keeps_blanks(void) {
    return tpl.place.where == IN_RCDATA || open_has("pre");
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static enum kind attribute_kind(const char *name) {
    if (strcmp(name, "srcset") == 0 || strcmp(name, "imagesrcset") == 0)
        return URL_SET;
    if (in_list(url_attributes, name))
        return URL;
    if (starts(name, "data-") &&
        (ends_with(name, "url") || ends_with(name, "href") || ends_with(name, "src")))
        return URL; /* scripts take them for addresses */
    if (in_list(literal_attributes, name))
        return REFUSED;
    return PLAIN;
}

/* Attributes that the Content-Security-Policy would block, or that hide a language. */
static void attribute_check(const char *name) {
    if (strcmp(name, "style") == 0)
        fail("no style attributes: the page's policy blocks them; use a class");
    if (starts(name, "on"))
        fail("no event attributes (%s): the page's policy blocks them; use a script of web/", name);
    if (starts(name, "hx-on"))
        fail("no hx-on attributes: they need eval, which the page's policy blocks");
    if (strcmp(name, "srcdoc") == 0)
        fail("no srcdoc: give the frame an address");
    if (strcmp(name, "http-equiv") == 0)
        fail("no http-equiv: send a header");
}

/* ------------------------------------------------------------------------- C expressions */

/* Where the C text at `p` ends: at an unnested `}}`, or with `stop` at that character. Strings and
 * characters are jumped over. NULL when it never ends. */
static const char *c_end(const char *p, const char *end, char stop) {
    int depth = 0;
    for (; p < end; p++) {
        if (*p == '"' || *p == '\'') {
            char quote = *p++;
            while (p < end && *p != quote && *p != '\n')
                p += *p == '\\' ? 2 : 1;
            if (p >= end || *p != quote)
                return NULL;
        } else if (stop == 0 && depth == 0 && p + 1 < end && p[0] == '}' && p[1] == '}') {
            return p;
        } else if (stop != 0 && depth == 0 && *p == stop) {
            return p;
        } else if (strchr("([{", *p) != NULL) {
            depth++;
        } else if (strchr(")]}", *p) != NULL) {
            depth--;
        }
    }
    return NULL;
}

static char *trimmed(const char *at, const char *end) {
    while (at < end && is_blank(*at))
        at++;
    while (end > at && is_blank(end[-1]))
        end--;
    return keep(at, (size_t)(end - at));
}

/* A C string literal at `*p`, adjacent ones joined, without the quotes; `*p` moves behind it. */
static char *c_string(const char **p) {
    struct text all = {0};
    text_add(&all, "", 0);
    while (**p == '"') {
        const char *start = ++*p;
        while (**p != '"' && **p != '\0')
            *p += **p == '\\' && (*p)[1] != '\0' ? 2 : 1;
        text_add(&all, start, (size_t)(*p - start));
        if (**p == '"')
            ++*p;
        const char *ahead = *p;
        while (is_blank(*ahead))
            ahead++;
        if (*ahead == '"')
            *p = ahead;
    }
    char *kept = keep(all.at, all.length);
    free(all.at);
    return kept;
}

/* -------------------------------------------------------------------------------- values */

/* The macro of view/template.h that prints a value here; moves a URL on to what follows. */
static const char *printer_here(void) {
    struct place *place = &tpl.place;
    switch (place->where) {
    case TEXT:
    case IN_RCDATA:
        return "view_print_text";
    case IN_VALUE:
        if (place->kind == PLAIN)
            return "view_print_attribute";
        if (place->kind == REFUSED)
            fail("no value may stand in %s: it holds a language of its own", place->attribute);
        switch (place->phase) {
        case URL_START:
            place->phase = URL_OPENED;
            return "view_print_url";
        case URL_PREFIX:
            place->phase = URL_OPENED;
            return "view_print_url_part";
        case URL_TEL:
            return "view_print_tel";
        case URL_MAIL:
            return "view_print_mail";
        case URL_OPENED:
        case URL_REST:
            return "view_print_url_part";
        }
        break;
    case IN_TAG:
        fail("a value between attributes: only {{flag \"name\", condition}} or "
             "{{attr \"name\", value}} may stand here");
    case OUTSIDE:
        fail("text outside of a page or part");
    }
    abort();
}

/* `"name", rest` of a flag or attr. */
static char *named(const char *what, const char *body, char **rest) {
    const char *p = body;
    char *name = c_string(&p);
    while (is_blank(*p))
        p++;
    if (*p != ',' || name[0] == '\0')
        fail("{{%s}} wants \"name\", %s", what, strcmp(what, "flag") == 0 ? "condition" : "value");
    for (const char *c = name; *c != '\0'; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && strchr("-:_", *c) == NULL)
            fail("\"%s\" is no attribute name", name);
    attribute_check(name);
    *rest = trimmed(p + 1, p + strlen(p));
    if (**rest == '\0')
        fail("{{%s \"%s\"}} has no %s", what, name,
             strcmp(what, "flag") == 0 ? "condition" : "value");
    return name;
}

static void value_in_tag(const char *body, int line) {
    char *rest;
    if (starts(body, "flag ")) {
        char *name = named("flag", trimmed(body + 5, body + strlen(body)), &rest);
        code_statement(line, "if (%s) buf_lit(v->out, \" %s\");", rest, name);
    } else if (starts(body, "attr ")) {
        static const char *const macros[] = {
            [PLAIN] = "view_print_optional", [URL] = "view_print_optional_url"};
        char *name = named("attr", trimmed(body + 5, body + strlen(body)), &rest);
        enum kind kind = attribute_kind(name);
        if (kind != PLAIN && kind != URL)
            fail("no value may stand in %s: it holds a language of its own", name);
        code_statement(line, "%s(v, \" %s=\\\"\", (%s));", macros[kind], name, rest);
    } else {
        printer_here();
    }
    tpl.place.blank = NO_BLANK; /* they print their own space */
}

static void call_part(const char *body, int line) {
    const char *p = body;
    while (is_word(*p))
        p++;
    char *name = keep(body, (size_t)(p - body));
    while (is_blank(*p))
        p++;
    const char *close = *p == '(' ? c_end(p + 1, p + strlen(p), ')') : NULL;
    if (name[0] == '\0' || close == NULL || *trimmed(close + 1, close + strlen(close)) != '\0')
        fail_at(line, "a part is called as {{> name(arguments)}}");
    if (tpl.place.where != TEXT)
        fail_at(line, "a part can be called between tags only");
    char *args = trimmed(p + 1, close);
    if (strcmp(name, "form_start_hidden") == 0)
        for (int i = tpl.place.depth - 1; i >= 0; i--)
            if (strcmp(tpl.place.open[i].name, "form") == 0) {
                tpl.place.open[i].unkeyed = false;
                break;
            }
    blank_flush();
    code_statement(line, "%s_html(v%s%s);", name, *args ? ", " : "", args);
}

/* {{t "…"}}, {{tc "context", "…"}}: how many letters say so, or 0. */
static size_t is_translation(const char *body) {
    size_t letters = body[0] != 't' ? 0 : body[1] == 'c' ? 2 : 1;
    bool says = letters > 0 && is_blank(body[letters]) && strchr(body, '"') != NULL &&
                strchr("=+-*/<>&|.[?,;", body[letters + 1]) == NULL;
    return says ? letters : 0;
}

/* {{t n == 1 ? "one" : "many"…}} counts: `*n` and `*texts` become its two halves. */
static bool is_count(const char *first, char **n, char **texts) {
    const char *question = c_end(first, first + strlen(first), '?');
    const char *colon = question == NULL ? NULL : c_end(question + 1, first + strlen(first), ':');
    if (colon == NULL)
        return false;
    char *condition = trimmed(first, question), *one = trimmed(question + 1, colon);
    char *many = trimmed(colon + 1, first + strlen(first));
    size_t length = strlen(condition);
    if (length < 6 || strcmp(condition + length - 4, "== 1") != 0 || *one != '"' || *many != '"')
        return false;
    *n = trimmed(condition, condition + length - 4);
    struct text both = {0};
    text_say(&both, "%s, %s", one, many);
    *texts = both.at;
    return true;
}

/* At `{{`. */
static void read_value(void) {
    int line = tpl.line;
    if (starts(tpl.at, "{{#")) {
        while (tpl.at < tpl.end && !looking_at("}}"))
            skip(1);
        if (tpl.at >= tpl.end)
            fail_at(line, "this {{# comment is never closed");
        skip(2);
        return;
    }
    const char *close = c_end(tpl.at + 2, tpl.end, 0);
    if (close == NULL)
        fail("this {{ is never closed");
    char *body = trimmed(tpl.at + 2, close);
    if (*body == '\0')
        fail("an empty {{}}");
    if (tpl.place.where == OUTSIDE)
        fail("text outside of a page or part");
    if (tpl.place.where == IN_TAG) {
        value_in_tag(body, line);
    } else if (starts(body, "flag ") || starts(body, "attr ")) {
        fail("{{%.4s}} stands between the attributes of a tag", body);
    } else if (*body == '>') {
        call_part(trimmed(body + 1, body + strlen(body)), line);
    } else if (*body == '!' && body[1] != '=' && is_blank(body[1])) {
        if (tpl.place.where != TEXT)
            fail("HTML can be printed between tags only");
        blank_flush();
        code_statement(line, "view_out_html(v, (%s));", trimmed(body + 1, body + strlen(body)));
    } else if (is_translation(body)) {
        if (tpl.place.where == IN_VALUE && tpl.place.kind != PLAIN)
            fail("words cannot stand in %s", tpl.place.attribute);
        bool context = is_translation(body) == 2;
        char *all = trimmed(body + is_translation(body), body + strlen(body)), *n, *texts;
        const char *comma = c_end(all, all + strlen(all), ',');
        char *first = comma == NULL ? all : trimmed(all, comma);
        blank_flush();
        const char *printer = printer_here();
        if (context)
            code_statement(line, "%s(v, (view_tc(v, %s)));", printer, all);
        else if (comma == NULL)
            code_statement(line, "%s(v, (view_t(v, %s)));", printer, first);
        else if (is_count(first, &n, &texts)) {
            code_statement(line, "%s(v, (words_n(v, (%s), %s%s)));", printer, n, texts, comma);
            free(texts);
        } else {
            code_statement(line, "%s(v, (words(v, %s)));", printer, all);
        }
    } else {
        blank_flush();
        const char *printer = printer_here();
        code_statement(line, "%s(v, (%s));", printer, body);
    }
    skip((size_t)(close + 2 - tpl.at));
}

/* ---------------------------------------------------------------------------------- tags */

static bool is_name(char c) {
    return isalnum((unsigned char)c) || strchr("-_:.", c) != NULL;
}

/* A name in lower case into `name`; what is written keeps its case (SVG has viewBox). */
static void read_name(char name[NAME_SIZE], const char *what) {
    size_t length = 0;
    const char *start = tpl.at;
    while (tpl.at < tpl.end && *tpl.at != '\0' && is_name(*tpl.at)) {
        if (length + 1 >= NAME_SIZE)
            fail("this %s is too long", what);
        name[length++] = (char)tolower((unsigned char)*tpl.at);
        skip(1);
    }
    name[length] = '\0';
    if (looking_at("{{") && !looking_at("{{flag ") && !looking_at("{{attr "))
        fail("a value inside of %s", what);
    literal_put(start, (size_t)(tpl.at - start));
}

static void nesting_check(const char *name) {
    struct place *place = &tpl.place;
    if (place->depth > 0 && strcmp(place->open[place->depth - 1].name, "p") == 0 &&
        in_list(blocks, name))
        fail("<%s> inside of <p>: the browser would end the paragraph", name);
    if ((strcmp(name, "form") == 0 || strcmp(name, "a") == 0 || strcmp(name, "button") == 0) &&
        open_has(name))
        fail("<%s> inside of <%s>", name, name);
    if (strcmp(name, "button") == 0 && open_has("a"))
        fail("<button> inside of <a>");
}

static void start_tag(void) {
    skip(1);
    blank_flush();
    literal_text("<");
    if (looking_at("{{"))
        fail("a value inside of a tag's name");
    read_name(tpl.place.tag, "a tag's name");
    const char *name = tpl.place.tag;
    if (in_list(refused_elements, name))
        fail("no <%s> in templates", name);
    nesting_check(name);
    tpl.place.where = IN_TAG;
    tpl.place.posts = false;
}

static void start_tag_done(bool closes_itself) {
    struct place *place = &tpl.place;
    const char *name = place->tag;
    bool drawing = open_has("svg") || open_has("math") || strcmp(name, "svg") == 0;
    place->blank = NO_BLANK;
    place->where = TEXT;
    if (in_list(void_elements, name)) {
        literal_text(">");
        return;
    }
    if (closes_itself) {
        if (!drawing)
            fail("<%s/> is not closed by its slash: write </%s>", name, name);
        literal_text("/>");
        return;
    }
    literal_text(">");
    if (place->depth == DEPTH_MAX)
        fail("tags nested too deeply");
    struct element *element = &place->open[place->depth++];
    memcpy(element->name, name, NAME_SIZE);
    element->line = tpl.line;
    element->unkeyed = strcmp(name, "form") == 0 && place->posts;
    if (strcmp(name, "script") == 0) {
        const char *p = tpl.at + 1; /* behind the `>` */
        while (p < tpl.end && is_blank(*p))
            p++;
        if (tpl.end - p < 9 || strncmp(p, "</script>", 9) != 0)
            fail("no script in templates: the page's policy blocks it; put it into web/");
    }
    if (strcmp(name, "textarea") == 0 || (strcmp(name, "title") == 0 && !drawing))
        place->where = IN_RCDATA;
    /* The browser drops a line end right here: one of ours saves one that a value begins with. */
    if (strcmp(name, "textarea") == 0 || strcmp(name, "pre") == 0)
        literal_text("\n");
}

static void end_tag(void) {
    char name[NAME_SIZE];
    struct place *place = &tpl.place;
    int line = tpl.line;
    skip(2);
    blank_flush();
    literal_text("</");
    read_name(name, "a tag's name");
    while (tpl.at < tpl.end && is_blank(*tpl.at))
        skip(1);
    if (!looking_at(">"))
        fail("the tag </%s is not closed", name);
    if (place->depth == 0)
        fail_at(line, "</%s> closes nothing", name);
    struct element *element = &place->open[place->depth - 1];
    if (strcmp(element->name, name) != 0)
        fail_at(line, "</%s> where </%s> is due (opened in line %d)", name, element->name,
                element->line);
    if (element->unkeyed)
        fail_at(element->line, "a form that posts needs {{> form_start_hidden()}} inside");
    place->depth--;
    place->where = TEXT;
    literal_text(">");
    skip(1);
}

static void read_attribute(void) {
    struct place *place = &tpl.place;
    if (place->blank == NO_BLANK)
        fail("a space is missing before this attribute");
    if (!is_name(*tpl.at))
        fail("'%c' cannot stand in a tag", *tpl.at);
    blank_flush();
    read_name(place->attribute, "an attribute's name");
    attribute_check(place->attribute);
    if (!looking_at("="))
        return;
    skip(1);
    if (!looking_at("\"") && !looking_at("'"))
        fail("the value of %s must be quoted", place->attribute);
    place->quote = *tpl.at;
    literal_text("=");
    literal_put(tpl.at, 1);
    skip(1);
    place->where = IN_VALUE;
    place->kind = attribute_kind(place->attribute);
    place->phase = URL_START;
    place->literal_length = 0;
    place->blank = NO_BLANK;
}

static void read_in_tag(void) {
    char c = *tpl.at;
    if (looking_at("{{")) {
        read_value();
    } else if (is_blank(c)) {
        tpl.place.blank = SPACE;
        skip(1);
    } else if (c == '>') {
        start_tag_done(false);
        skip(1);
    } else if (looking_at("/>")) {
        start_tag_done(true);
        skip(2);
    } else if (c == '<') {
        fail("the tag <%s is not closed", tpl.place.tag);
    } else {
        read_attribute();
    }
}

/* A literal character of a URL: may the letters so far be a scheme, and which? */
static void url_step(char c) {
    struct place *place = &tpl.place;
    if (place->kind == URL_SET && (c == ',' || is_blank(c))) {
        if (c == ',' || place->phase != URL_START)
            place->phase = c == ',' ? URL_START : URL_REST;
        place->literal_length = 0;
        return;
    }
    switch (place->phase) {
    case URL_START:
    case URL_PREFIX:
        if (c == ':') {
            place->literal[place->literal_length] = '\0';
            if (strcmp(place->literal, "tel") == 0 || strcmp(place->literal, "sms") == 0)
                place->phase = URL_TEL;
            else if (strcmp(place->literal, "mailto") == 0)
                place->phase = URL_MAIL;
            else if (strcmp(place->literal, "http") == 0 || strcmp(place->literal, "https") == 0)
                place->phase = URL_REST;
            else
                fail("the scheme %s: is not allowed", place->literal);
        } else {
            place->phase = strchr("/?#.", c) != NULL ? URL_REST : URL_PREFIX;
        }
        break;
    case URL_OPENED:
        if (c == ':')
            fail("a value before a colon would choose the URL's scheme");
        if (strchr("/?#", c) != NULL)
            place->phase = URL_REST;
        break;
    case URL_TEL:
    case URL_MAIL:
        if (c == '?')
            place->phase = URL_REST;
        break;
    case URL_REST:
        break;
    }
}

static void read_in_value(void) {
    struct place *place = &tpl.place;
    char c = *tpl.at;
    if (c == place->quote) {
        if (place->blank != NO_BLANK)
            blank_flush();
        place->literal[place->literal_length] = '\0';
        if (strcmp(place->tag, "form") == 0 && strcmp(place->attribute, "method") == 0 &&
            strcmp(place->literal, "post") == 0)
            place->posts = true;
        if (place->kind == REFUSED &&
            (starts(place->literal, "js:") || starts(place->literal, "javascript:")))
            fail("no script in %s: the page's policy blocks it", place->attribute);
        literal_put(&c, 1);
        skip(1);
        place->where = IN_TAG;
        place->blank = NO_BLANK;
        return;
    }
    if (looking_at("{{")) {
        read_value();
        return;
    }
    if (place->kind == URL || place->kind == URL_SET)
        url_step(c);
    if (is_blank(c)) { /* a run of white space with a line end in it is one space */
        const char *p = tpl.at;
        bool ends_line = false;
        while (p < tpl.end && (*p == ' ' || *p == '\t' || *p == '\r'))
            p++;
        ends_line = p < tpl.end && *p == '\n';
        if (ends_line || tpl.line_start) {
            if (place->blank == NO_BLANK)
                place->blank = SPACE;
        } else {
            literal_put(&c, 1);
        }
        bool still = tpl.line_start && c != '\n';
        skip(1);
        tpl.line_start = tpl.line_start || still;
        return;
    }
    blank_flush();
    if (place->literal_length + 1 < sizeof place->literal)
        place->literal[place->literal_length++] = (char)tolower((unsigned char)c);
    literal_put(&c, 1);
    skip(1);
}

static void read_comment(void) {
    int line = tpl.line;
    while (tpl.at < tpl.end && !looking_at("-->")) {
        if (looking_at("{{"))
            fail("a value inside of a comment: write {{# ... }} to leave something out");
        skip(1);
    }
    if (tpl.at >= tpl.end)
        fail_at(line, "this comment is never closed");
    skip(3);
}

static void read_rcdata(void) {
    const char *name = tpl.place.open[tpl.place.depth - 1].name;
    if (looking_at("{{")) {
        read_value();
    } else if (looking_at("</") && strncmp(tpl.at + 2, name, strlen(name)) == 0 &&
               !is_name(tpl.at[2 + strlen(name)])) {
        tpl.place.where = TEXT;
        end_tag();
    } else {
        literal_put(tpl.at, 1);
        skip(1);
    }
}

static void read_text(void) {
    struct place *place = &tpl.place;
    char c = *tpl.at;
    if (looking_at("<!--")) {
        read_comment();
    } else if (looking_at("{{")) {
        read_value();
    } else if (place->where == OUTSIDE) {
        if (!is_blank(c))
            fail("text outside of a page or part");
        skip(1);
    } else if (looking_at("</")) {
        end_tag();
    } else if (c == '<' && tpl.at + 1 < tpl.end &&
               (isalpha((unsigned char)tpl.at[1]) || tpl.at[1] == '{')) {
        start_tag();
    } else if (looking_at("<!")) {
        const char *close = memchr(tpl.at, '>', (size_t)(tpl.end - tpl.at));
        if (close == NULL)
            fail("this declaration is never closed");
        blank_flush();
        literal_put(tpl.at, (size_t)(close + 1 - tpl.at));
        skip((size_t)(close + 1 - tpl.at));
    } else if (c == '<') {
        fail("a bare '<': write &lt;");
    } else if (is_blank(c) && !keeps_blanks()) {
        if (c == '\n')
            place->blank = NEWLINE;
        else if (place->blank == NO_BLANK && !tpl.line_start)
            place->blank = SPACE;
        bool still = tpl.line_start && c != '\n';
        skip(1);
        tpl.line_start = tpl.line_start || still; /* indentation is no text */
    } else {
        blank_flush();
        literal_put(&c, 1);
        skip(1);
    }
}

/* ---------------------------------------------------------------------------- directives */

static const char *place_said(const struct place *place) {
    static char said[2][200];
    static int turn;
    char *out = said[turn = !turn];
    switch (place->where) {
    case IN_TAG:
        snprintf(out, 200, "inside the tag <%s", place->tag);
        break;
    case IN_VALUE:
        snprintf(out, 200, "inside the attribute %s", place->attribute);
        break;
    default:
        if (place->depth == 0)
            snprintf(out, 200, "between tags");
        else
            snprintf(out, 200, "inside <%s> of line %d", place->open[place->depth - 1].name,
                     place->open[place->depth - 1].line);
    }
    return out;
}

static bool place_same(const struct place *a, const struct place *b) {
    if (a->where != b->where || a->depth != b->depth)
        return false;
    for (int i = 0; i < a->depth; i++)
        if (strcmp(a->open[i].name, b->open[i].name) != 0)
            return false;
    if (a->where == IN_TAG || a->where == IN_VALUE)
        if (strcmp(a->tag, b->tag) != 0)
            return false;
    if (a->where == IN_VALUE)
        if (strcmp(a->attribute, b->attribute) != 0 || a->quote != b->quote ||
            (a->kind != PLAIN && a->phase != b->phase))
            return false;
    return true;
}

/* A branch ends here: all that end must agree. */
static void branch_ends(struct frame *frame) {
    if (tpl.place.dead)
        return;
    if (tpl.place.blank != NO_BLANK)
        frame->blank_after = true;
    if (frame->ended && !place_same(&frame->end, &tpl.place))
        fail("the branches of the block of line %d end in different places: one %s, this one %s",
             frame->line, place_said(&frame->end), place_said(&tpl.place));
    frame->end = tpl.place;
    frame->ended = true;
}

static struct frame *frame_open(enum block block) {
    if (tpl.frame_count == DEPTH_MAX)
        fail("blocks nested too deeply");
    struct frame *frame = &tpl.frames[tpl.frame_count++];
    *frame = (struct frame){.block = block, .line = tpl.line, .entry = tpl.place};
    return frame;
}

static void frame_close(void) {
    struct frame *frame = &tpl.frames[tpl.frame_count - 1];
    bool passes_by =
        frame->block == BLOCK_IF || frame->block == BLOCK_LOOP || frame->block == BLOCK_SWITCH;
    if (passes_by && !tpl.place.dead && !place_same(&frame->entry, &tpl.place))
        fail("the block of line %d begins %s and ends %s", frame->line, place_said(&frame->entry),
             place_said(&tpl.place));
    branch_ends(frame);
    if (passes_by) {
        if (frame->ended && !place_same(&frame->entry, &frame->end))
            fail("the block of line %d begins %s and a branch of it ends %s", frame->line,
                 place_said(&frame->entry), place_said(&frame->end));
        enum blank blank = frame->entry.blank;
        tpl.place = frame->ended ? frame->end : frame->entry;
        tpl.place.dead = frame->entry.dead;
        if (tpl.place.blank == NO_BLANK)
            tpl.place.blank = blank;
    } else if (frame->ended) {
        tpl.place = frame->end;
    }
    if (frame->blank_after && tpl.place.blank == NO_BLANK)
        tpl.place.blank = SPACE;
    tpl.frame_count--;
}

static bool has_word(const char *text, const char *word) {
    size_t length = strlen(word);
    for (const char *p = text; (p = strstr(p, word)) != NULL; p += length)
        if ((p == text || !is_word(p[-1])) && !is_word(p[length]))
            return true;
    return false;
}

/* continue, break and return leave early: what they leave must be where they arrive. */
static void jumps_check(const char *statement) {
    bool breaks = has_word(statement, "break"), continues = has_word(statement, "continue");
    if (has_word(statement, "goto"))
        fail("no goto in templates");
    if (breaks || continues) {
        int i = tpl.frame_count - 1;
        while (i >= 0 && tpl.frames[i].block != BLOCK_LOOP &&
               !(breaks && tpl.frames[i].block == BLOCK_SWITCH))
            i--;
        if (i < 0)
            fail("there is no loop to leave here");
        if (!place_same(&tpl.frames[i].entry, &tpl.place))
            fail("the block of line %d begins %s and is left %s", tpl.frames[i].line,
                 place_said(&tpl.frames[i].entry), place_said(&tpl.place));
    }
    if (has_word(statement, "return") && (tpl.place.where != TEXT || tpl.place.depth != 0))
        fail("%s would be left %s", tpl.function, place_said(&tpl.place));
    if (starts(statement, "break") || starts(statement, "continue") || starts(statement, "return"))
        tpl.place.dead = true;
}

/* `name(parameters)` behind `page` or `part`. */
static void function_begin(bool is_page, const char *rest) {
    const char *p = rest;
    while (is_word(*p))
        p++;
    char *name = keep(rest, (size_t)(p - rest));
    while (is_blank(*p))
        p++;
    const char *close = *p == '(' ? c_end(p + 1, p + strlen(p), ')') : NULL;
    if (name[0] == '\0' || close == NULL || *trimmed(close + 1, close + strlen(close)) != '\0')
        fail("write: @ %s name(parameters)", is_page ? "page" : "part");
    if (tpl.function != NULL)
        fail("%s of line %d has no @ end", tpl.function, tpl.function_line);
    char *parameters = trimmed(p + 1, close);
    if (strcmp(parameters, "void") == 0)
        parameters = keep("", 0);
    const char *model = parameters + strlen(parameters);
    while (model > parameters && is_word(model[-1]))
        model--;
    if (is_page && *parameters != '\0' &&
        (strchr(parameters, ',') || strchr(parameters, '*') == NULL))
        fail("a page has one parameter: a pointer to its model");
    struct text prototype = {0};
    if (is_page)
        text_say(&prototype, "void %s_html(struct view *v, const void *model)", name);
    else
        text_say(&prototype, "void %s_html(struct view *v%s%s)", name, *parameters ? ", " : "",
                 parameters);
    text_say(&tpl.header, "#line %d \"%s\"\n%s;\n", tpl.line, tpl.file, prototype.at);
    text_say(&tpl.code, "\n");
    tpl.code_line = 0;
    code_at(tpl.line);
    text_say(&tpl.code, "%s {", prototype.at);
    if (is_page && *parameters != '\0')
        text_say(&tpl.code, " %s = model; (void)%s;", parameters, model);
    code_newline();
    free(prototype.at);
    struct text title = {0};
    text_say(&title, "%s %s", is_page ? "page" : "part", name);
    tpl.function = keep(title.at, title.length);
    free(title.at);
    tpl.function_line = tpl.line;
    tpl.place = (struct place){.where = TEXT};
}

static void function_end(void) {
    if (tpl.function == NULL)
        fail("this @ end ends nothing");
    if (tpl.frame_count > 0)
        fail("the block of line %d has no closing brace", tpl.frames[tpl.frame_count - 1].line);
    if (tpl.place.depth > 0)
        fail("%s ends, and <%s> of line %d is still open", tpl.function,
             tpl.place.open[tpl.place.depth - 1].name, tpl.place.open[tpl.place.depth - 1].line);
    if (tpl.place.where != TEXT)
        fail("%s ends %s", tpl.function, place_said(&tpl.place));
    tpl.place.blank = NO_BLANK;
    literal_flush();
    text_say(&tpl.code, "}\n");
    tpl.code_line = 0;
    tpl.function = NULL;
    tpl.place = (struct place){.where = OUTSIDE};
}

/* "view/parts.html" is the header that its parts are declared in. */
static void include(const char *rest) {
    if (*rest != '"' && *rest != '<')
        fail("write: @ include \"room/file.h\"");
    char *file = trimmed(rest, rest + strlen(rest));
    size_t length = strlen(file);
    text_say(&tpl.header, "#line %d \"%s\"\n", tpl.line, tpl.file);
    if (length > 7 && strcmp(file + length - 6, ".html\"") == 0) {
        for (char *p = file; *p != '\0'; p++)
            if (*p == '/')
                *p = '.';
        text_say(&tpl.header, "#include %.*s.h\"\n", (int)length - 1, file);
    } else {
        text_say(&tpl.header, "#include %s\n", file);
    }
}

static const char *after_word(const char *text, const char *word) {
    size_t length = strlen(word);
    if (!starts(text, word) || is_word(text[length]))
        return NULL;
    text += length;
    while (is_blank(*text))
        text++;
    return text;
}

struct opener {
    const char *word;
    enum block block;
};

/* The keyword that a directive begins with, if it is one that opens a block. */
static const struct opener *opener(const char *c) {
    static const struct opener openers[] = {{"if", BLOCK_IF},
                                            {"for", BLOCK_LOOP},
                                            {"while", BLOCK_LOOP},
                                            {"do", BLOCK_LOOP},
                                            {"switch", BLOCK_SWITCH}};
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++)
        if (after_word(c, openers[i].word) != NULL)
            return &openers[i];
    return NULL;
}

static void control(const char *c, int line) {
    size_t length = strlen(c);
    bool opens = c[length - 1] == '{';
    if (tpl.function == NULL)
        fail("C outside of a page or part; only @ include, @ page and @ part may stand here");
    if (*c == '}') {
        if (tpl.frame_count == 0)
            fail("this brace closes nothing");
        struct frame *frame = &tpl.frames[tpl.frame_count - 1];
        const char *rest = c + 1;
        while (is_blank(*rest))
            rest++;
        const char *other = after_word(rest, "else");
        if (other != NULL) {
            if (frame->block != BLOCK_IF || !opens)
                fail(opens ? "this else follows no if" : "else wants a brace");
            literal_flush();
            branch_ends(frame);
            tpl.place = frame->entry;
            frame->block = starts(other, "if") ? BLOCK_IF : BLOCK_ELSE;
            tpl.frame_count--;
            code_statement(line, "%s", c);
            tpl.frame_count++;
            return;
        }
        if (*rest != '\0' && !starts(rest, "while"))
            fail("nothing may stand behind this brace");
        literal_flush();
        frame_close();
        code_statement(line, "%s", c);
        return;
    }
    if (after_word(c, "else") != NULL)
        fail("write: @ } else {");
    if (opens) {
        const struct opener *word = opener(c);
        if (word == NULL && strcmp(c, "{") != 0)
            fail("this opens a brace but is no if, for, while, do or switch");
        code_statement(line, "%s", c);
        frame_open(word == NULL ? BLOCK_PLAIN : word->block);
        return;
    }
    if (c[length - 1] == ':' && (after_word(c, "case") || after_word(c, "default"))) {
        struct frame *frame = tpl.frame_count > 0 ? &tpl.frames[tpl.frame_count - 1] : NULL;
        if (frame == NULL || frame->block != BLOCK_SWITCH)
            fail("this label stands in no switch");
        literal_flush();
        branch_ends(frame);
        if (frame->ended && !place_same(&frame->end, &frame->entry))
            fail("the switch of line %d begins %s and a case of it ends %s", frame->line,
                 place_said(&frame->entry), place_said(&frame->end));
        tpl.place = frame->entry;
        code_statement(line, "%s", c);
        return;
    }
    if (c[length - 1] != ';')
        fail("a statement ends with a semicolon, a block begins with a brace");
    jumps_check(c);
    code_statement(line, "%s", c);
}

/* Parentheses opened minus closed, braces the same; strings are jumped over. */
static int c_balance(const char *at, char open, char close) {
    int depth = 0;
    for (const char *p = at; *p != '\0'; p++) {
        if (*p == '"' || *p == '\'') {
            char quote = *p++;
            while (*p != '\0' && *p != quote)
                p += *p == '\\' && p[1] != '\0' ? 2 : 1;
            if (*p == '\0')
                break;
        } else {
            depth += (*p == open) - (*p == close);
        }
    }
    return depth;
}

static void strip_comment(char *c) {
    for (char *p = c; *p != '\0'; p++) {
        if (*p == '"' || *p == '\'') {
            char quote = *p++;
            while (*p != '\0' && *p != quote)
                p += *p == '\\' && p[1] != '\0' ? 2 : 1;
            if (*p == '\0')
                return;
        } else if (p[0] == '/' && p[1] == '/') {
            *p = '\0';
            return;
        }
    }
}

/* At the `@` of a line. A directive goes on over further lines until its parentheses are closed,
 * and a declaration until its braces are. */
static void read_directive(void) {
    int line = tpl.line;
    struct text all = {0};
    text_add(&all, "", 0);
    skip(1);
    for (;;) {
        const char *stop = memchr(tpl.at, '\n', (size_t)(tpl.end - tpl.at));
        stop = stop == NULL ? tpl.end : stop;
        char *piece = trimmed(tpl.at, stop);
        strip_comment(piece);
        text_say(&all, "%s%s", all.length > 0 ? "\n" : "", piece);
        skip((size_t)(stop - tpl.at));
        bool is_block = all.at[0] == '{' || all.at[0] == '}' || opener(all.at) != NULL;
        bool more =
            c_balance(all.at, '(', ')') > 0 || (!is_block && c_balance(all.at, '{', '}') > 0);
        if (!more)
            break;
        if (tpl.at >= tpl.end)
            fail_at(line, "this line's brackets are never closed");
        skip(1);
        const char *p = tpl.at;
        while (p < tpl.end && (*p == ' ' || *p == '\t'))
            p++;
        if (p < tpl.end && *p == '@')
            skip((size_t)(p + 1 - tpl.at));
    }
    skip(1); /* the line is gone, its end too */
    tpl.line_start = true;
    char *c = trimmed(all.at, all.at + all.length);
    free(all.at);
    int next = tpl.line;
    tpl.line = line;
    const char *rest;
    if (*c == '\0' || (starts(c, "/*") && ends_with(c, "*/"))) {
        /* only a comment */
    } else if ((rest = after_word(c, "include")) != NULL)
        include(rest);
    else if ((rest = after_word(c, "page")) != NULL && is_word(*rest))
        function_begin(true, rest);
    else if ((rest = after_word(c, "part")) != NULL && is_word(*rest))
        function_begin(false, rest);
    else if (strcmp(c, "end") == 0)
        function_end();
    else
        control(c, line);
    tpl.line = next;
}

static void compile(const char *file, const char *source, size_t length) {
    tpl.file = file;
    tpl.at = source;
    tpl.end = source + length;
    tpl.line = 1;
    tpl.line_start = true;
    tpl.function = NULL;
    tpl.frame_count = 0;
    tpl.place = (struct place){.where = OUTSIDE};
    while (tpl.at < tpl.end) {
        if (tpl.line_start) {
            const char *p = tpl.at;
            while (p < tpl.end && (*p == ' ' || *p == '\t'))
                p++;
            if (p < tpl.end && *p == '@') {
                skip((size_t)(p - tpl.at));
                read_directive();
                continue;
            }
        }
        if (*tpl.at == '\0')
            fail("a NUL byte");
        switch (tpl.place.where) {
        case OUTSIDE:
        case TEXT:
            read_text();
            break;
        case IN_TAG:
            read_in_tag();
            break;
        case IN_VALUE:
            read_in_value();
            break;
        case IN_RCDATA:
            read_rcdata();
            break;
        }
    }
    if (tpl.function != NULL)
        fail_at(tpl.function_line, "%s has no @ end", tpl.function);
}

static char *file_read(const char *name, size_t *length) {
    FILE *file = fopen(name, "rb");
    struct text all = {0};
    char block[65536];
    size_t got;
    text_add(&all, "", 0);
    if (file == NULL) {
        fprintf(stderr, "tplc: cannot read %s\n", name);
        exit(1);
    }
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        text_add(&all, block, got);
    fclose(file);
    char *kept = keep(all.at, all.length);
    *length = all.length;
    free(all.at);
    return kept;
}

static void file_write(const char *name, const struct text *text) {
    FILE *file = fopen(name, "wb");
    if (file == NULL || fwrite(text->at, 1, text->length, file) != text->length ||
        fclose(file) != 0) {
        fprintf(stderr, "tplc: cannot write %s\n", name);
        exit(1);
    }
}

int main(int argc, char **argv) {
    size_t length;
    if (argc != 5) {
        fputs("usage: tplc INPUT OUT.c OUT.h NAME\n", stderr);
        return 2;
    }
    const char *source = file_read(argv[1], &length);
    const char *header_name = strrchr(argv[3], '/');
    header_name = header_name == NULL ? argv[3] : header_name + 1;
    text_say(&tpl.header,
             "/* Made of %s by tplc: change that file. */\n#pragma once\n\n"
             "#include \"view/view.h\"\n",
             argv[4]);
    text_say(&tpl.code,
             "/* Made of %s by tplc: change that file. */\n#include \"%s\"\n"
             "#include \"view/template.h\"\n",
             argv[4], header_name);
    compile(argv[1], source, length);
    file_write(argv[2], &tpl.code);
    file_write(argv[3], &tpl.header);
    return 0;
}
