# Every staffing gap of 2021 as a data frame, and who is short whatever the basis. Needs R 4 with jsonlite; BASE ends in
# /api/v1, KEY is an API key.
base <- Sys.getenv("BASE")
headers <- c(Authorization = paste("Bearer", Sys.getenv("KEY")))

ask <- function(path) {
  connection <- url(paste0(base, path), headers = headers)
  on.exit(close(connection))
  jsonlite::fromJSON(readLines(connection, warn = FALSE, encoding = "UTF-8"), flatten = TRUE)
}

# Page by page: `next` of one page is `after` of the one that follows.
pages <- list()
after <- ""
repeat {
  page <- ask(paste0("/workforce/gaps?year=2021&limit=60", after))
  pages[[length(pages) + 1]] <- page$items[c("service", "basis", "status", "nurses.gap_low")]
  if (is.null(page$`next`)) break
  after <- paste0("&after=", utils::URLencode(page$`next`, reserved = TRUE))
}
gaps <- do.call(rbind, pages)

least <- tapply(gaps$nurses.gap_low, gaps$service, function(gap) if (anyNA(gap)) NA else min(gap))
cat(nrow(gaps), "gaps,", sum(least > 0, na.rm = TRUE), "services short of nurses on either basis\n")
