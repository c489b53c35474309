#pragma once
// The messages of the protocol in README.md, between JSON and what the rest works with.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "common/world.hpp"

namespace joust::worlds::command {

// The line, with its end, that begins a program's life, a world, and the program's end.
std::string setup_line(const WorldSetup& setup);
std::string play_line(const WorldTask& task, AttemptNumber attempt);
std::string_view shutdown_line();

// A seed as programs get it: the upper 53 bits, which every language's JSON reads exactly.
constexpr std::uint64_t portable_seed(std::uint64_t seed) { return seed >> 11; }

struct Progress {
  std::uint64_t step = 0;
  std::uint64_t of = 0;
};
struct Failure {
  std::string text;
  std::optional<std::uint32_t> seat;  // whose fault it is
};
struct OtherTask {  // a result or an error of another task than the one that is being played
  TaskIndex task = 0;
};
using Answer = std::variant<Progress, WorldResult, Failure, OtherTask>;

// What is wrong with a message, with its beginning.
struct BadMessage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Reads one line. A result has the seats of `task`; where it names no agents, they are called
// after their competitors. Throws BadMessage.
Answer read_answer(std::string_view line, const WorldSetup& setup, const WorldTask& task);

// Whether a line is a progress message, of whatever world.
bool is_progress(std::string_view line);

// The ready that comes before any world. Throws BadMessage.
void read_ready(std::string_view line);

// The same keys as a result message, or a list of scores alone. Throws BadMessage.
WorldResult read_scores(std::string_view json, const WorldSetup& setup, const WorldTask& task);

// The result that has these scores, one for each seat, and nothing else.
WorldResult plain_result(const std::vector<double>& scores, const WorldSetup& setup,
                         const WorldTask& task);

}  // namespace joust::worlds::command
