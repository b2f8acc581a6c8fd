/* What the board's template says of a card. For this folder. */
#pragma once

#include "desk/board.h"

const char *card_class(const struct board_card *card);
const char *card_date_class(const struct board_card *card); /* "late", "soon" or NULL */
const char *card_date_title(struct view *v, const struct board_card *card);
const char *card_balance(struct view *v, const struct board_card *card);
/* The board's own address with one of its filters ("mine", "late", "closed", "archived") turned
 * over; "" for as it is. */
const char *board_url(struct view *v, const struct board *board, const char *filter);
