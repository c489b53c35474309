#pragma once
// What is the same for all worlds in the messages of README.md, between JSON and text.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/world.hpp"

namespace joust::worlds::agents {

// What is wrong with an answer, with its beginning.
struct BadAnswer : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Parameters as one JSON object. Those called `left_out` are not in it.
std::string parameters_json(const Parameters& parameters, std::string_view left_out = {});

// The reverse, for a program of joust's own. REQUIRES: parameters_json made it of parameters that
// have all the declared ones (else an exception of the JSON library).
Parameters parse_parameters(std::string_view json, const std::vector<ParameterInfo>& declared);

// The message that begins a process's life, with its end of line; `parameters` as JSON.
std::string setup_line(const WorldSetup& setup, const Competitor& competitor,
                       std::string_view parameters);

// `,"seed":7,"seed64":"14336"`: members of `begin`.
std::string seed_members(std::uint64_t seed);

// `{"type":TYPE,"n":N` + members + `}` and an end of line. `members` is empty or begins with a
// comma.
std::string request_line(std::string_view type, std::uint64_t n, std::string_view members);

// Lines without a number.
std::string_view end_line();
std::string_view shutdown_line();

// Throws BadAnswer unless it is a `ready`.
void read_ready(std::string_view line);

// Nothing for the answer to request `n`; the text of an error. Throws BadAnswer for anything else.
std::optional<std::string> read_error(std::string_view line, std::uint64_t n);

// Throws BadAnswer "TEXT: the line's beginning".
[[noreturn]] void reject(const std::string& text, std::string_view line);

}  // namespace joust::worlds::agents
