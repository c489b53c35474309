#include "worker/worlds/command/score_extraction.hpp"

#include <fmt/format.h>

#include <cmath>
#include <regex>

#include "common/parse_number.hpp"
#include "worker/worlds/command/messages.hpp"

namespace joust::worlds::command {
namespace {

constexpr std::size_t kLongestLine = 4096;  // longer ones are cut: a regex recurses over its input

[[noreturn]] void fail(const std::string& text) { throw WorldFailure(Cause::world_error, text); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

WorldResult from_json(std::string_view output, const WorldSetup& setup, const WorldTask& task) {
  std::string_view last;
  for_each_line(output, [&](std::string_view line) {
    if (!line.empty()) last = line;
  });
  if (last.empty()) fail("the program printed no scores: its output is empty");
  try {
    return read_scores(last, setup, task);
  } catch (const BadMessage& error) {
    fail(fmt::format("the last line of the output has no scores: {}", error.what()));
  }
}

WorldResult from_csv(std::string_view output, const WorldSetup& setup, const WorldTask& task) {
  const std::size_t seats = task.seats.size();
  std::vector<double> scores(seats);
  std::vector<bool> found(seats, false);
  for_each_line(output, [&](std::string_view line) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos) return;
    const auto seat = parse_number<std::uint64_t>(trimmed(line.substr(0, comma)));
    const auto score = parse_number<double>(trimmed(line.substr(comma + 1)));
    if (!seat || !score || !std::isfinite(*score) || *seat >= seats) return;
    scores[*seat] = *score;
    found[*seat] = true;
  });
  for (std::size_t seat = 0; seat < seats; ++seat) {
    if (!found[seat]) fail(fmt::format("the output has no line '{},score'", seat));
  }
  return plain_result(scores, setup, task);
}

WorldResult from_regex(std::string_view output, const WorldSetup& setup, const WorldTask& task) {
  const std::regex pattern(setup.command.score_regex);
  std::vector<double> scores;
  for_each_line(output, [&](std::string_view line) {
    line = line.substr(0, kLongestLine);
    using Iterator = std::regex_iterator<std::string_view::const_iterator>;
    for (Iterator match(line.begin(), line.end(), pattern), end; match != end; ++match) {
      const std::string text = (*match)[1].str();
      const auto score = parse_number<double>(text);
      if (!score || !std::isfinite(*score))
        fail(fmt::format("score_regex found '{}', which is no number", text));
      scores.push_back(*score);
    }
  });
  if (scores.size() != task.seats.size()) {
    fail(fmt::format("score_regex matches {} times in the output; there are {} seats",
                     scores.size(), task.seats.size()));
  }
  return plain_result(scores, setup, task);
}

}  // namespace

WorldResult extract_scores(std::string_view output, const WorldSetup& setup,
                           const WorldTask& task) {
  if (setup.command.scores == "csv") return from_csv(output, setup, task);
  if (setup.command.scores == "regex") return from_regex(output, setup, task);
  return from_json(output, setup, task);
}

void check_score_regex(const CommandSetup& setup) {
  if (setup.scores != "regex") return;
  try {
    if (std::regex(setup.score_regex).mark_count() == 1) return;
  } catch (const std::regex_error& error) {
    throw SetupError(fmt::format("score_regex = '{}' is no regular expression: {}",
                                 setup.score_regex, error.what()));
  }
  throw SetupError(fmt::format(
      "score_regex = '{}' must have one group, which is the score: 'score: ([-0-9.e]+)'",
      setup.score_regex));
}

}  // namespace joust::worlds::command
