#pragma once
// What man pages say beyond the help: more words, files, variables, examples. Nothing here is a
// list of commands, options or exit codes: these are read from the command line itself.

#include <string>
#include <vector>

namespace joust::manual {

struct Entry {
  const char* name;  // a file, a variable, or a command line
  const char* text;
};

struct Prose {
  std::vector<std::string> description;  // paragraphs
  std::vector<Entry> files;
  std::vector<Entry> environment;
  std::vector<Entry> examples;
};

// Of the page "joust" or of a command; empty where there is nothing to add.
Prose prose_of(const std::string& command);

// The commands that have some; all of them should exist.
std::vector<std::string> commands_with_prose();

}  // namespace joust::manual
