#pragma once
// The frame of a benchmark program: a command line, one line of JSON, an exit code.

#include <functional>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace joust::bench {

// Parses the command line with the options that `declare` adds, then calls `measure`, which prints.
// Returns main's result: 0; 1 with a message on stderr when `measure` throws; 2 for a bad line.
int run_program(int argc, char** argv, const char* about,
                const std::function<void(CLI::App&)>& declare,
                const std::function<void()>& measure);

}  // namespace joust::bench
