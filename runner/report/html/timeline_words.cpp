#include "runner/report/html/timeline_words.hpp"

#include <fmt/format.h>

#include "runner/report/html/markup.hpp"

namespace joust::report::html {
namespace {

std::string_view outcome(const std::optional<Cause>& cause) {
  return cause ? cause_name(*cause) : "done";
}

std::string one_attempt(TaskIndex task, AttemptNumber attempt, const std::optional<Cause>& cause) {
  return fmt::format("world {}, attempt {}: {}", task, attempt, outcome(cause));
}

}  // namespace

std::string tasks_text(const TaskSet& tasks) {
  if (!tasks.knows_all()) {
    return fmt::format("{}, {} to {}", grouped(tasks.count(), "world"), tasks.lowest(),
                       tasks.highest());
  }
  std::string text = tasks.count() == 1 ? "world" : "worlds";
  const char* separator = " ";
  for (const TaskIndex task : tasks.all()) {
    text += separator + std::to_string(task);
    separator = ", ";
  }
  return text;
}

std::string failed_text(const AttemptMark& mark) {
  if (mark.attempts == 1) return one_attempt(mark.tasks.lowest(), mark.attempt, mark.cause);
  return grouped(mark.attempts, "attempt") + " failed: " + tasks_text(mark.tasks);
}

std::string retried_text(const AttemptMark& mark) {
  if (mark.attempts == 1) return one_attempt(mark.tasks.lowest(), mark.attempt, mark.cause);
  return grouped(mark.attempts) + " retries: " + tasks_text(mark.tasks);
}

std::string deaths_text(std::uint64_t deaths) {
  return deaths == 1 ? "a worker died" : grouped(deaths) + " workers died";
}

std::string attempt_text(const PlayedAttempt& attempt) {
  return fmt::format("{}, after {}", one_attempt(attempt.task, attempt.attempt, attempt.cause),
                     seconds_text(std::chrono::duration<double>(attempt.played).count()));
}

}  // namespace joust::report::html
