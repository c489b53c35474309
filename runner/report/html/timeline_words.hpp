#pragma once
// What a tooltip in the timeline says.

#include <string>

#include "runner/report/session_track.hpp"

namespace joust::report::html {

// "world 12"; "worlds 12, 15, 18"; "212 worlds, 12 to 940".
std::string tasks_text(const TaskSet& tasks);
// "world 37, attempt 1: stalled"; "3 attempts failed: worlds 37, 40, 41".
std::string failed_text(const AttemptMark& mark);
// "world 37, attempt 2: done"; "3 retries: worlds 37, 40, 41".
std::string retried_text(const AttemptMark& mark);
// "a worker died"; "3 workers died".
std::string deaths_text(std::uint64_t deaths);
// "world 37, attempt 1: stalled, after 3.2 s".
std::string attempt_text(const PlayedAttempt& attempt);

}  // namespace joust::report::html
