struct view;
void icon_n_html(struct view *v, int n);
