# R as the judge of `facilities-audit statistics`.
#
#   Rscript judge.R DIR    DIR/METHOD.json holds the inputs (cases.py), DIR/METHOD.out.json what the program printed
#
# Judges what base R has a function of its own for. Refusals and the rest are judge.py's. Closed forms must agree to
# 1e-9, models to 1e-6. Exit status 0: agreed; 1: not, with each difference.

folder <- commandArgs(TRUE)[1]
read <- function(name) jsonlite::fromJSON(file.path(folder, name), simplifyVector = FALSE)
# A list of numbers, NULL being a missing one.
numbers <- function(values) vapply(values, function(value) if (is.null(value)) NA_real_ else as.numeric(value), 0)

differences <- character()
worst <- figures <- 0

# `size` is how large a figure must be for its deviation to count as relative.
same <- function(what, found, expected, size = 1e-4, tolerance = 1e-9) {
  found <- if (is.list(found)) numbers(found) else if (is.null(found)) NA_real_ else as.numeric(found)
  expected <- as.numeric(expected)
  if (length(found) != length(expected) || any(is.na(found) != is.na(expected))) {
    differences <<- c(differences, sprintf("%s: %s, expected %s", what, toString(found), toString(expected)))
    return(invisible())
  }
  there <- !is.na(expected)
  deviation <- (abs(found - expected) / pmax(abs(expected), size))[there]
  figures <<- figures + sum(there)
  worst <<- max(worst, deviation)
  if (any(deviation > tolerance)) {
    differences <<- c(differences, sprintf("%s: %s, expected %s", what, toString(found), toString(expected)))
  }
}

p_value <- function(what, found, expected) same(what, found, expected, size = 1e-290)

or_else <- function(value, usual) if (is.null(value)) usual else value

judges <- list(
  wilson = function(at, case, found) {
    if (found$p == 0 || found$p == 1) return()
    level <- or_else(case$confidence, 0.95)
    limits <- prop.test(case$x, case$n, conf.level = level, correct = FALSE)$conf.int
    same(at, list(found$lower, found$upper), limits)
  },
  byar = function(at, case, found) {
    limits <- poisson.test(case$observed, case$expected, conf.level = or_else(case$confidence, 0.95))$conf.int
    same(at, list(found$exact_lower, found$exact_upper), limits)
  },
  spearman = function(at, case, found) {
    test <- cor.test(numbers(case$x), numbers(case$y), method = "spearman", exact = FALSE)
    same(paste(at, "rho"), found$rho, test$estimate)
    if (abs(found$rho) < 1) p_value(paste(at, "p"), found$p, test$p.value)
  },
  mann_whitney = function(at, case, found) {
    a <- numbers(case$a)
    b <- numbers(case$b)
    if (length(unique(c(a, b))) == 1) return()
    test <- function(...) wilcox.test(a, b, ...)
    same(paste(at, "U1"), found$U1, test(exact = FALSE)$statistic)
    p_value(paste(at, "p"), found$p, test(exact = FALSE, correct = FALSE)$p.value)
    p_value(paste(at, "p_cc"), found$p_cc, test(exact = FALSE, correct = TRUE)$p.value)
    if (!is.null(found$p_exact)) {
      exact <- test(exact = TRUE, conf.int = length(a) > 2 && length(b) > 2)
      p_value(paste(at, "p_exact"), found$p_exact, exact$p.value)
      if (!is.null(exact$estimate)) same(paste(at, "hodges_lehmann"), found$hodges_lehmann, exact$estimate)
    }
  },
  kruskal_wallis = function(at, case, found) {
    if (is.null(found$H)) return()
    test <- kruskal.test(Filter(length, lapply(case$groups, numbers)))
    same(paste(at, "H"), found$H, test$statistic)
    same(paste(at, "df"), found$df, test$parameter)
    p_value(paste(at, "p"), found$p, test$p.value)
  },
  jonckheere = function(at, case, found) {
    # Kendall's statistic between a value and the number of its group is Jonckheere's. R's correction is off by default.
    if (is.null(found$z) || found$n < 3) return()
    groups <- lapply(case$groups, numbers)
    number <- rep(seq_along(groups), lengths(groups))
    test <- cor.test(number, unlist(groups), method = "kendall", exact = FALSE)
    same(paste(at, "z"), found$z, test$statistic)
    p_value(paste(at, "p"), found$p, test$p.value)
  },
  cochran_armitage = function(at, case, found) {
    n <- numbers(case$n)
    test <- prop.trend.test(numbers(case$x)[n > 0], n[n > 0], score = seq_along(n)[n > 0])
    same(paste(at, "chi2"), found$chi2, test$statistic)
    p_value(paste(at, "p"), found$p, test$p.value)
  },
  benjamini_hochberg = function(at, case, found) {
    if (length(case$p)) same(at, found$q, p.adjust(numbers(case$p), "BH"))
  },
  quantiles = function(at, case, found) {
    probs <- as.numeric(names(found))
    same(at, unname(found), quantile(numbers(case$v), probs, type = 7))
  },
  run_chart = function(at, case, found) {
    y <- numbers(case$y)
    useful <- sum(y != median(y, na.rm = TRUE), na.rm = TRUE)
    same(paste(at, "useful"), found$useful, useful)
    if (useful == 0) return()
    same(paste(at, "longest"), found$anhoej_longest_max, round(log2(useful)) + 3)
    same(paste(at, "crossings"), found$anhoej_crossings_min, qbinom(0.05, useful - 1, 0.5))
  },
  quasi_binomial = function(at, case, found) {
    if (found$status != "ok" || length(case$terms) == 0) return()
    terms <- vapply(case$terms, function(term) term$name, "")
    cell <- function(row, name) if (is.null(row[[name]])) NA else row[[name]]
    column <- function(name) sapply(case$rows, cell, name)
    data <- data.frame(num = column("num"), den = column("den"))
    for (term in case$terms) {
      data[[term$name]] <- if (term$kind == "continuous") {
        column(term$name)
      } else {
        present <- column(term$name)
        levels <- if (is.null(term$levels)) sort(unique(present), method = "radix") else unlist(term$levels)
        relevel(factor(present, levels), or_else(term$reference, levels[1]))
      }
    }
    used <- complete.cases(data) & data$den > 0
    if (!is.null(case$cluster)) used <- used & !is.na(column(case$cluster))
    data <- data[used, ]
    model <- glm(
      reformulate(terms, quote(cbind(num, den - num))), quasibinomial, data,
      control = glm.control(epsilon = 1e-15, maxit = 100)
    )
    shown <- summary(model)
    # R keeps the weights of the last iteration but one, which costs its standard errors some digits.
    estimates <- coef(shown)
    size <- estimates[, 2]
    check <- function(field, expected, size) same(paste(at, field), found[[field]], expected, size, 1e-6)
    check("coef", estimates[, 1], size)
    check("se", estimates[, 2], size)
    check("se_binomial", estimates[, 2] / sqrt(shown$dispersion), 0)
    check("t", estimates[, 3], 1e-3)
    check("p_t", estimates[, 4], 1e-250)
    check("dispersion", shown$dispersion, 1e-6)
    check("deviance", deviance(model), 1e-6)
    check("df_resid", df.residual(model), 1)
    check("fitted", unname(fitted(model)), 1e-4)
  }
)

total <- 0
for (method in names(judges)) {
  inputs <- read(paste0(method, ".json"))
  outputs <- read(paste0(method, ".out.json"))
  worst <- figures <- 0
  for (place in seq_along(inputs)) {
    if (!is.null(outputs[[place]]$error)) next
    at <- sprintf("%s[%d]", method, place - 1)
    suppressWarnings(judges[[method]](at, inputs[[place]], outputs[[place]]))
    total <- total + 1
  }
  cat(sprintf("%s: %d figures, worst %.1e\n", method, figures, worst))
}
cat(sprintf("%d cases, %d differences\n", total, length(differences)))
if (length(differences)) {
  cat(head(differences, 40), sep = "\n")
  quit(status = 1)
}
