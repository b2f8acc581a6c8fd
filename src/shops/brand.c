#include "shops/brand.h"

#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct colour {
    int red, green, blue;
};

static const struct colour white = {255, 255, 255}, black = {0, 0, 0};
/* As in tokens.css: what colours are read on and beside. */
static const struct colour canvas = {0xef, 0xeb, 0xe2}, dark_surface = {0x1b, 0x1e, 0x1a},
                           dark_sunken = {0x23, 0x27, 0x22}, ivory = {0xef, 0xe9, 0xdc},
                           ink = {0x1c, 0x1a, 0x16};

static int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse(const char *text, struct colour *colour) {
    if (text == NULL || strlen(text) != 7 || text[0] != '#')
        return false;
    int parts[3];
    for (int i = 0; i < 3; i++) {
        int high = hex(text[1 + 2 * i]), low = hex(text[2 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        parts[i] = high * 16 + low;
    }
    *colour = (struct colour){parts[0], parts[1], parts[2]};
    return true;
}

bool brand_is_colour(const char *text) {
    struct colour colour;
    return parse(text, &colour);
}

/* Relative luminance: no money and no metal, so floating point may touch it. */
static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double luminance(struct colour c) {
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

static int64_t contrast(struct colour a, struct colour b) {
    double x = luminance(a), y = luminance(b);
    double ratio = x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
    return (int64_t)(ratio * 100);
}

int64_t brand_contrast(const char *one, const char *other) {
    struct colour a = black, b = black;
    parse(one, &a);
    parse(other, &b);
    return contrast(a, b);
}

/* `share` of 256 of the other colour. */
static struct colour mix(struct colour one, struct colour other, int share) {
    return (struct colour){one.red + (other.red - one.red) * share / 256,
                           one.green + (other.green - one.green) * share / 256,
                           one.blue + (other.blue - one.blue) * share / 256};
}

typedef bool (*passes)(struct colour colour, const void *arg);

/* Step by step towards black and towards white: the first that passes. */
static struct colour nearest(struct colour colour, passes pass, const void *arg) {
    for (int share = 0; share <= 256; share += 2) {
        struct colour darker = mix(colour, black, share), lighter = mix(colour, white, share);
        if (pass(darker, arg))
            return darker;
        if (pass(lighter, arg))
            return lighter;
    }
    return colour;
}

/* Read on each of these at least so well. */
struct grounds {
    struct colour at[4];
    int count;
    int64_t least;
};

static bool reads_on(struct colour colour, const void *arg) {
    const struct grounds *grounds = arg;
    for (int i = 0; i < grounds->count; i++)
        if (contrast(colour, grounds->at[i]) < grounds->least)
            return false;
    return true;
}

static struct colour text_on(struct colour ground) {
    return contrast(white, ground) >= contrast(black, ground) ? white : black;
}

static struct colour shell_ink(struct colour shell) {
    return contrast(ivory, shell) >= contrast(ink, shell) ? ivory : ink;
}

static struct colour shell_active(struct colour shell) {
    return mix(shell, shell_ink(shell), 28);
}

static bool is_shell(struct colour shell, const void *arg) {
    return contrast(shell_ink(shell), shell) >= 450 &&
           contrast(shell_ink(shell), shell_active(shell)) >= 450;
}

static const char *text_of(struct colour c, struct arena *arena) {
    return arena_printf(arena, "#%02x%02x%02x", c.red, c.green, c.blue);
}

static const char *ratio_text(int64_t hundredths, struct arena *arena) {
    return arena_printf(arena, "%ld.%ld", (long)(hundredths / 100), (long)(hundredths % 100 / 10));
}

static void refuse(struct errors *errors, const char *field, int64_t has, int64_t needs,
                   struct colour better) {
    error_add(errors, INVALID, field, "contrast",
              "This colour reads at %s : 1 and needs %s : 1. The nearest that does is %s.",
              ratio_text(has, errors->arena), ratio_text(needs, errors->arena),
              text_of(better, errors->arena));
}

enum status brand_check(const struct brand *brand, struct errors *errors) {
    static const char *const names[] = {"brand", "shell", "accent"};
    const char *const given[] = {brand->brand, brand->shell, brand->accent};
    const char *const own[] = {BRAND_OWN.brand, BRAND_OWN.shell, BRAND_OWN.accent};
    struct colour colours[3];
    for (int i = 0; i < 3; i++)
        if (!parse(given[i] == NULL ? own[i] : given[i], &colours[i]))
            error_add(errors, INVALID, names[i], "not_a_colour",
                      "A colour is written like #17493d.");
    if (errors_any(errors))
        return INVALID;
    struct grounds card = {{white}, 1, 300}, shell = {{colours[1]}, 1, 300};
    if (!reads_on(colours[0], &card))
        refuse(errors, "brand", contrast(colours[0], white), 300,
               nearest(colours[0], reads_on, &card));
    if (!is_shell(colours[1], NULL))
        refuse(errors, "shell", contrast(shell_ink(colours[1]), shell_active(colours[1])), 450,
               nearest(colours[1], is_shell, NULL));
    else if (!reads_on(colours[2], &shell))
        refuse(errors, "accent", contrast(colours[2], colours[1]), 300,
               nearest(colours[2], reads_on, &shell));
    return errors_any(errors) ? INVALID : OK;
}

static void token(struct buf *out, const char *name, struct colour c) {
    buf_printf(out, "--%s:#%02x%02x%02x;", name, c.red, c.green, c.blue);
}

/* The tokens of one theme. `surface` and `sunken`: the lightest and the darkest that texts lie on;
 * `strength`: how much of a colour its tint has. */
static void theme(struct buf *out, const struct colour *chosen, bool dark) {
    struct colour surface = dark ? dark_surface : white, sunken = dark ? dark_sunken : canvas;
    int strength = dark ? 48 : 30;
    struct grounds button = {{surface, sunken}, 2, 300};
    struct colour brand = nearest(chosen[0], reads_on, &button);
    struct colour tint = mix(surface, brand, strength);
    struct grounds text = {{surface, sunken, tint}, 3, 450};
    struct colour shell = dark ? mix(chosen[1], black, 140) : chosen[1];
    if (!is_shell(shell, NULL))
        shell = nearest(shell, is_shell, NULL);
    struct colour letters = shell_ink(shell), active = shell_active(shell);
    struct grounds on_shell = {{shell, active}, 2, 450}, mark = {{shell}, 1, 300};
    struct colour accent = nearest(chosen[2], reads_on, &mark);
    struct colour accent_tint = mix(surface, chosen[2], strength);
    struct grounds accent_text = {{surface, sunken, accent_tint}, 3, 450};
    struct colour quiet = mix(letters, shell, 80);
    token(out, "brand", brand);
    token(out, "on-brand", text_on(brand));
    struct colour hover = mix(brand, dark ? white : black, 50);
    token(out, "brand-hover", text_on(hover).red == text_on(brand).red ? hover : brand);
    token(out, "brand-tint", tint);
    token(out, "brand-ink", nearest(chosen[0], reads_on, &text));
    token(out, "shell", shell);
    token(out, "shell-ink", letters);
    token(out, "shell-ink-2", reads_on(quiet, &on_shell) ? quiet : letters);
    token(out, "shell-line", mix(shell, letters, 36));
    token(out, "shell-active", active);
    token(out, "brass", accent);
    token(out, "brass-ink", nearest(chosen[2], reads_on, &accent_text));
    token(out, "brass-tint", accent_tint);
}

const char *brand_css(const struct brand *brand, const char *scope, struct arena *arena) {
    struct colour chosen[3];
    if (!parse(brand->brand, &chosen[0]))
        parse(BRAND_OWN.brand, &chosen[0]);
    if (!parse(brand->shell, &chosen[1]))
        parse(BRAND_OWN.shell, &chosen[1]);
    if (!parse(brand->accent, &chosen[2]))
        parse(BRAND_OWN.accent, &chosen[2]);
    struct buf out = {0};
    buf_printf(&out, "%s%s{", scope, *scope == '\0' ? ":root" : "");
    theme(&out, chosen, false);
    buf_printf(&out, "}\n%s[data-theme=\"dark\"]{", scope);
    theme(&out, chosen, true);
    buf_printf(&out, "}\n");
    if (*scope == '\0') {
        buf_printf(&out, "@media (prefers-color-scheme:dark){[data-theme=\"auto\"]{");
        theme(&out, chosen, true);
        buf_printf(&out, "}}\n");
    }
    const char *css = arena_text(arena, out.at);
    buf_free(&out);
    return css;
}
