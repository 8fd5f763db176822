# SPDX-License-Identifier: Apache-2.0
# Theta and ETS by R's package forecast, of the series on standard input, twelve months held out.
# Writes lines as bench/forecast.c does.
suppressMessages(suppressWarnings(library(forecast)))

series <- lapply(strsplit(readLines(file("stdin")), " "), as.numeric)

measure <- function(what, fit) {
  begin <- proc.time()
  found <- sapply(series, function(values) {
    known <- ts(head(values, -12), frequency = 12)
    answer <- fit(known)
    actual <- tail(values, 12)
    c(mean(2 * abs(actual - answer$mean) / (abs(actual) + abs(answer$mean))), answer$aicc)
  })
  took <- proc.time() - begin
  cat(what, round(1e6 * took[["elapsed"]]),
      round(1e6 * (took[["user.self"]] + took[["sys.self"]])),
      sprintf("%.6f", rowMeans(found)), sep = "\t")
  cat("\n")
}

measure("theta", function(known) list(mean = thetaf(known, h = 12)$mean, aicc = 0))
measure("ets", function(known) {
  model <- ets(known)
  list(mean = forecast(model, h = 12, PI = FALSE)$mean, aicc = model$aicc)
})
