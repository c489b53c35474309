#pragma once
// What the man pages and the completions say about joust, read from its command line: plain data,
// so that only one file knows the parser's library.

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace joust::manual {

enum class PathKind { none, file, folder };

// An option, or an argument that is told by its place.
struct Argument {
  std::vector<std::string> names;     // as they are written, short ones first: -o, --out; or DIR
  std::string value;                  // what the help calls its value; empty: it takes none
  std::string limit;                  // what else the help says about the value
  std::vector<std::string> choices;   // empty: not limited to some
  std::string text;                   // one paragraph
  std::vector<std::string> excludes;  // the first names of options that it does not go with
  PathKind path = PathKind::none;     // whether the value is a path
  bool required = false;
  bool repeats = false;  // takes several values
};

struct ExitCode {
  std::string number;  // or several: 130/143
  std::string meaning;
};

struct Command {
  std::string name;  // "joust", "run"
  std::string summary;
  std::vector<std::string> notes;  // paragraphs
  std::vector<ExitCode> exit_codes;
  std::vector<Argument> options;
  std::vector<Argument> positionals;
};

struct Program {
  Command self;
  std::vector<Command> commands;
};

// Throws std::runtime_error for what has no place in a manual: an option or a command without a
// description, a footer whose exit codes cannot be told apart.
Program describe(const CLI::App& app);

}  // namespace joust::manual
