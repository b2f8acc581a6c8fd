/* What the board's template says of a card. For this folder. */
#pragma once

#include "desk/board.h"

const char *card_class(const struct board_card *card);
const char *card_date_class(const struct board_card *card); /* "late", "soon" or NULL */
const char *card_date_title(struct view *v, const struct board_card *card);
const char *card_balance(struct view *v, const struct board_card *card);
/* How many of the lane's cards lie in the one across it. */
int64_t lane_number(const struct board_lane *lane, const struct board_swim *swim);
bool card_swims(const struct board_card *card, const struct board_swim *swim);
/* The board's own address with one of its filters ("mine", "late", "closed", "archived") turned
 * over; "" for as it is, "list" for the same as a list. */
const char *board_url(struct view *v, const struct board *board, const char *filter);
