#include "paper/paper.h"

#include <string.h>

bool paper_letter(const char *country) {
    return country != NULL &&
           (strcmp(country, "US") == 0 || strcmp(country, "CA") == 0 || strcmp(country, "MX") == 0);
}

static struct pdf *speak(struct pdf *pdf, const struct paper_shop *shop) {
    pdf_speak(pdf, shop->language);
    return pdf;
}

static struct pdf *page(const struct paper_shop *shop, const char *title) {
    return speak(shop->letter ? pdf_new(title, 215.9, 279.4, 18, shop->made)
                              : pdf_new(title, 210, 297, 18, shop->made),
                 shop);
}

/* The shop on the left, its address on the right, the brass line below. */
static void letterhead(struct pdf *pdf, const struct paper_shop *shop) {
    double half = pdf_width(pdf) / 2, top = pdf_y(pdf);
    double left = pdf_text(pdf, PDF_TITLE, PDF_START, 0, half, shop->name);
    pdf_down(pdf, left);
    left += pdf_text(pdf, PDF_SMALL, PDF_START, 0, half, shop->place);
    pdf_to(pdf, top);
    const char *lines[] = {shop->address, shop->phone, shop->email, shop->tax_number};
    double right = 0;
    for (int i = 0; i < 4; i++) {
        pdf_to(pdf, top + right);
        right += pdf_text(pdf, PDF_SMALL, PDF_END, half, half, lines[i]);
    }
    pdf_to(pdf, top + (left > right ? left : right) + 3);
    pdf_brass(pdf);
}

static void pairs(struct pdf *pdf, const char *const (*facts)[2], int count) {
    for (int i = 0; i < count; i++)
        pdf_pair(pdf, facts[i][0], facts[i][1]);
}

static void heading(struct pdf *pdf, const char *text) {
    pdf_need(pdf, 16);
    pdf_down(pdf, 3);
    pdf_paragraph(pdf, PDF_HEAD, pdf_t(pdf, text));
}

static void lines_below(struct pdf *pdf, const char *head, const struct pdf_column *columns,
                        int column_count, const struct paper_line *lines, int count) {
    if (count == 0)
        return;
    pdf_need(pdf, 28); /* no heading without its first row */
    heading(pdf, head);
    pdf_table(pdf, columns, column_count);
    for (int i = 0; i < count; i++)
        pdf_row(pdf, lines[i].cells, lines[i].strong);
}

/* ------------------------------------------------------------------ small things */

static void draw_label(struct pdf *pdf, const struct paper_job *job) {
    double width = pdf_width(pdf), top = pdf_y(pdf);
    pdf_qr(pdf, width - 18, 18, job->link);
    double height = pdf_text(pdf, PDF_TITLE, PDF_START, 0, width - 20, job->number);
    pdf_down(pdf, height);
    if (job->rush)
        pdf_down(pdf, pdf_text(pdf, PDF_BOLD, PDF_START, 0, width - 20, pdf_t(pdf, "RUSH")));
    pdf_down(pdf, pdf_text(pdf, PDF_BOLD, PDF_START, 0, width - 20, job->promised));
    pdf_down(pdf, pdf_text(pdf, PDF_SMALL, PDF_START, 0, width - 20, job->piece_of));
    if (pdf_y(pdf) < top + 19)
        pdf_to(pdf, top + 19);
    pdf_paragraph(pdf, PDF_BODY, job->title);
    pdf_paragraph(pdf, PDF_SMALL, job->customer);
    pdf_code128(pdf, 4, width - 8, 10, job->code); /* scanners want white on either side */
    pdf_down(pdf, 11);
}

void paper_labels(const struct paper_shop *shop, const struct paper_job *jobs, int64_t count,
                  struct buf *out) {
    struct pdf *pdf = speak(pdf_new(jobs[0].number, 62, 0, 3, shop->made), shop);
    for (int64_t i = 0; i < count; i++) {
        if (i > 0)
            pdf_next(pdf);
        draw_label(pdf, &jobs[i]);
    }
    pdf_end(pdf, out);
}

void paper_label(const struct paper_shop *shop, const struct paper_job *job, struct buf *out) {
    paper_labels(shop, job, 1, out);
}

void paper_place(const struct paper_shop *shop, const struct paper_place *place, struct buf *out) {
    struct pdf *pdf = speak(pdf_new(place->name, 62, 0, 3, shop->made), shop);
    double width = pdf_width(pdf), top = pdf_y(pdf);
    pdf_qr(pdf, width - 18, 18, place->link);
    pdf_down(pdf, pdf_text(pdf, PDF_TITLE, PDF_START, 0, width - 20, place->name));
    pdf_down(pdf, pdf_text(pdf, PDF_SMALL, PDF_START, 0, width - 20, place->kind));
    if (pdf_y(pdf) < top + 19)
        pdf_to(pdf, top + 19);
    pdf_code128(pdf, 4, width - 8, 10, place->code);
    pdf_down(pdf, 11);
    pdf_paragraph(pdf, PDF_SMALL, place->code);
    pdf_end(pdf, out);
}

void paper_claim_check(const struct paper_shop *shop, const struct paper_job *job,
                       struct buf *out) {
    struct pdf *pdf = speak(pdf_new(job->number, 80, 0, 5, shop->made), shop);
    pdf_paragraph(pdf, PDF_HEAD, shop->name);
    pdf_paragraph(pdf, PDF_SMALL, shop->address);
    pdf_paragraph(pdf, PDF_SMALL, shop->phone);
    pdf_brass(pdf);
    pdf_paragraph(pdf, PDF_TITLE, job->number);
    pdf_paragraph(pdf, PDF_BOLD, job->title);
    pdf_pair(pdf, "For", job->customer);
    pdf_pair(pdf, "Piece", job->piece_of);
    pdf_pair(pdf, "Reference", job->reference);
    pdf_pair(pdf, "Promised", job->promised);
    pdf_pair(pdf, "Taken in", job->taken_in);
    pdf_pair(pdf, "Price", job->price);
    pdf_pair(pdf, "Paid", job->paid);
    pdf_pair(pdf, "To pay", job->balance);
    pdf_down(pdf, 2);
    pdf_qr(pdf, 0, 24, job->link);
    pdf_text(pdf, PDF_SMALL, PDF_START, 27, pdf_width(pdf) - 27,
             pdf_t(pdf, "Follow your piece with the reference above and your surname."));
    pdf_down(pdf, 26);
    pdf_code128(pdf, 5, pdf_width(pdf) - 10, 9, job->code);
    pdf_down(pdf, 11);
    pdf_paragraph(pdf, PDF_SMALL, shop->terms);
    pdf_end(pdf, out);
}

void paper_receipt(const struct paper_shop *shop, const struct paper_receipt *receipt,
                   struct buf *out) {
    struct pdf *pdf = speak(pdf_new(receipt->title, 80, 0, 5, shop->made), shop);
    pdf_paragraph(pdf, PDF_HEAD, shop->name);
    pdf_paragraph(pdf, PDF_SMALL, shop->address);
    pdf_paragraph(pdf, PDF_SMALL, shop->phone);
    pdf_paragraph(pdf, PDF_SMALL, shop->tax_number);
    pdf_brass(pdf);
    pdf_paragraph(pdf, PDF_HEAD, receipt->title);
    pdf_pair(pdf, "Receipt", receipt->number);
    pdf_pair(pdf, "Date", receipt->date);
    pdf_pair(pdf, "From", receipt->customer);
    pdf_pair(pdf, "For", receipt->piece);
    pdf_pair(pdf, "Job", receipt->job);
    pdf_pair(pdf, "By", receipt->method);
    pdf_pair(pdf, "Reference", receipt->reference);
    pdf_down(pdf, 1);
    pdf_paragraph(pdf, PDF_BIG, receipt->amount);
    pdf_rule(pdf);
    pdf_pair(pdf, "Price", receipt->price);
    pdf_pair(pdf, "Paid in all", receipt->paid);
    pdf_pair(pdf, "To pay", receipt->balance);
    pdf_pair(pdf, "Served by", receipt->staff);
    if (receipt->terms != NULL)
        pdf_paragraph(pdf, PDF_SMALL, receipt->terms);
    pdf_down(pdf, 2);
    if (receipt->link != NULL && pdf_qr(pdf, 0, 20, receipt->link))
        pdf_down(pdf, 22);
    if (receipt->code != NULL && pdf_code128(pdf, 5, pdf_width(pdf) - 10, 9, receipt->code))
        pdf_down(pdf, 11);
    pdf_paragraph(pdf, PDF_SMALL, shop->terms);
    pdf_end(pdf, out);
}

/* ------------------------------------------------------------------ whole pages */

static void draw_copy(struct pdf *pdf, const struct paper_shop *shop, const struct paper_job *job) {
    double width = pdf_width(pdf);
    letterhead(pdf, shop);
    double top = pdf_y(pdf);
    pdf_qr(pdf, width - 26, 26, job->link);
    pdf_down(pdf, pdf_text(pdf, PDF_SMALL, PDF_START, 0, width - 30, job->copy));
    pdf_down(pdf, pdf_text(pdf, PDF_BIG, PDF_START, 0, width - 30, job->number));
    pdf_down(pdf, pdf_text(pdf, PDF_HEAD, PDF_START, 0, width - 30, job->title) + 1);
    pdf_code128(pdf, 0, 60, 9, job->code);
    pdf_down(pdf, 12);
    if (pdf_y(pdf) < top + 28)
        pdf_to(pdf, top + 28);
    pdf_rule(pdf);
    if (job->rush)
        pdf_pair(pdf, "Priority", pdf_t(pdf, "RUSH"));
    pdf_pair(pdf, "Customer", job->customer);
    pdf_pair(pdf, "Contact", job->contact);
    pdf_pair(pdf, "Reference", job->reference);
    pdf_pair(pdf, "Piece", job->piece_of);
    pdf_pair(pdf, "Promised", job->promised);
    pdf_pair(pdf, "Bench's date", job->bench_day);
    pdf_pair(pdf, "Taken in", job->taken_in);
    pdf_pair(pdf, "Wanted", job->description);
    pdf_pair(pdf, "Price", job->price);
    pdf_pair(pdf, "Paid", job->paid);
    pdf_pair(pdf, "To pay", job->balance);
    if (job->fact_count > 0) {
        heading(pdf, "Specification");
        pairs(pdf, job->facts, job->fact_count);
    }
    static const struct pdf_column stones[] = {
        {0.2, PDF_START, "Place"}, {0.65, PDF_START, "Stone"}, {0.15, PDF_END, "Whose"}};
    lines_below(pdf, "Stones", stones, 3, job->stones, job->stone_count);
    static const struct pdf_column operations[] = {{0.44, PDF_START, "Operation"},
                                                   {0.26, PDF_START, "Who"},
                                                   {0.16, PDF_END, "Plan"},
                                                   {0.14, PDF_END, "Done"}};
    lines_below(pdf, "Operations", operations, 4, job->operations, job->operation_count);
    static const struct pdf_column comments[] = {
        {0.18, PDF_START, "When"}, {0.2, PDF_START, "Who"}, {0.62, PDF_START, "What"}};
    lines_below(pdf, "Notes", comments, 3, job->comments, job->comment_count);
    pdf_down(pdf, 4);
    pdf_paragraph(pdf, PDF_SMALL, shop->terms);
}

void paper_copies(const struct paper_shop *shop, const struct paper_job *jobs, int64_t count,
                  struct buf *out) {
    struct pdf *pdf = page(shop, jobs[0].number);
    for (int64_t i = 0; i < count; i++) {
        if (i > 0)
            pdf_next(pdf);
        draw_copy(pdf, shop, &jobs[i]);
    }
    pdf_end(pdf, out);
}

void paper_copy(const struct paper_shop *shop, const struct paper_job *job, struct buf *out) {
    paper_copies(shop, job, 1, out);
}

void paper_bill(const struct paper_shop *shop, const struct paper_bill *bill, struct buf *out) {
    struct pdf *pdf = page(shop, bill->title);
    double width = pdf_width(pdf), third = width / 3;
    if (bill->watermark != NULL)
        pdf_watermark(pdf, bill->watermark);
    letterhead(pdf, shop);
    double top = pdf_y(pdf), most = 0;
    double height = pdf_text(pdf, PDF_TITLE, PDF_START, 0, third, bill->title);
    pdf_down(pdf, height);
    most = height + pdf_text(pdf, PDF_BOLD, PDF_START, 0, third, bill->number);
    if (bill->code != NULL) {
        pdf_to(pdf, top + most + 1);
        most += pdf_code128(pdf, 0, 44, 8, bill->code) ? 10 : 0;
    }
    pdf_to(pdf, top);
    height = pdf_text(pdf, PDF_SMALL, PDF_START, third, third - 3, pdf_t(pdf, "To"));
    pdf_down(pdf, height);
    double name = pdf_text(pdf, PDF_BODY, PDF_START, third, third - 3, bill->customer);
    pdf_down(pdf, name);
    height += name + pdf_text(pdf, PDF_BODY, PDF_START, third, third - 3, bill->address);
    most = height > most ? height : most;
    pdf_to(pdf, top);
    height = pdf_text(pdf, PDF_SMALL, PDF_END, 2 * third, third, bill->date);
    pdf_down(pdf, height);
    height += pdf_text(pdf, PDF_SMALL, PDF_END, 2 * third, third, bill->job);
    most = height > most ? height : most;
    pdf_to(pdf, top + most + 6);
    pdf_paragraph(pdf, PDF_HEAD, bill->piece);
    pdf_paragraph(pdf, PDF_BODY, bill->about);
    pdf_down(pdf, 2);
    static const struct pdf_column columns[] = {{0.52, PDF_START, "Description"},
                                                {0.16, PDF_END, "Net"},
                                                {0.16, PDF_END, "Tax"},
                                                {0.16, PDF_END, "Total"}};
    pdf_table(pdf, columns, 4);
    for (int i = 0; i < bill->line_count; i++)
        pdf_row(pdf, bill->lines[i].cells, bill->lines[i].strong);
    for (int i = 0; i < bill->sum_count; i++)
        pdf_row(pdf, bill->sums[i].cells, bill->sums[i].strong);
    static const struct pdf_column paid[] = {
        {0.22, PDF_START, "Day"}, {0.58, PDF_START, "Payment"}, {0.2, PDF_END, "Amount"}};
    lines_below(pdf, "Paid", paid, 3, bill->payments, bill->payment_count);
    if (bill->balance != NULL) {
        pdf_need(pdf, 18);
        pdf_down(pdf, 2);
        pdf_text(pdf, PDF_BODY, PDF_START, 0, width * 0.6, bill->balance_name);
        pdf_down(pdf,
                 pdf_text(pdf, PDF_TITLE, PDF_END, width * 0.5, width * 0.5, bill->balance) + 2);
    }
    static const struct pdf_column stones[] = {{0.2, PDF_START, "Place"},
                                               {0.8, PDF_START, "Stone"}};
    lines_below(pdf, "Stones", stones, 2, bill->stones, bill->stone_count);
    if (bill->fact_count > 0) {
        pdf_down(pdf, 3);
        pairs(pdf, bill->facts, bill->fact_count);
    }
    pdf_down(pdf, 4);
    pdf_paragraph(pdf, PDF_SMALL, bill->terms);
    pdf_end(pdf, out);
}
