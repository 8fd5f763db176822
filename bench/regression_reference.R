# SPDX-License-Identifier: Apache-2.0
# The same regression with R: lm and its summary. Rscript regression_reference.R FILE
path <- commandArgs(TRUE)[1]
columns <- matrix(readBin(path, "double", file.size(path) / 8), ncol = 7)
rows <- data.frame(columns[, 1:5], factor(columns[, 6]), factor(columns[, 7]))
names(rows) <- c("y", "a", "b", "c", "d", "weekday", "store")
begin <- proc.time()
told <- summary(lm(y ~ ., rows))
spent <- proc.time() - begin
cat(sprintf("fit\t%.0f\t%.0f\t%.12g\t%.12g\t%.12g\n", spent[["elapsed"]] * 1e6,
            (spent[["user.self"]] + spent[["sys.self"]]) * 1e6, told$coefficients[2, 1],
            told$coefficients[2, 2], told$r.squared))
