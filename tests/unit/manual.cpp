// Man pages and completions have whatever the command line has, in whichever way it is written
// there.

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "runner/cli/command_line.hpp"
#include "runner/manual/completions.hpp"
#include "runner/manual/man_page.hpp"
#include "runner/manual/prose.hpp"

namespace joust::manual {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The part of `text` from the line that begins with `from` to the one that begins with `to`.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = ("\n" + text).find("\n" + from);
  CAPTURE(from);
  REQUIRE(begin != std::string::npos);
  return text.substr(begin, text.find("\n" + to, begin) - begin);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// As it is written in a page: in bold, with dashes that can be copied.
std::string in_page(const std::string& name) {
  std::string text;
  for (const char letter : name)
    text += letter == '-' ? std::string("\\-") : std::string(1, letter);
  return "\\fB" + text + "\\fR";
}

// All that the command line has of one command, looked for in what was made from it.
void check_command(const CLI::App& app, const Program& program, const Command& command) {
  const std::string page = man_page(program, command);
  const std::string options = between(page, ".SH OPTIONS", ".SH EXIT STATUS");
  const std::string bash = between(bash_completion(program), "_joust_options()", "}");
  const std::string bash_line = between(bash, "    '" + app.get_name() + "')", " ");
  const std::string zsh =
      between(zsh_completion(program), "    " + app.get_name() + ")", "      ;;");
  const std::string fish = fish_completion(program);
  CHECK(has(page, ".SH NAME\njoust\\-" + app.get_name() + " \\- "));
  for (const std::string& name : option_names(app)) {
    CAPTURE(name);
    CHECK(has(options, in_page(name)));
    CHECK((has(bash_line, name + ' ') || has(bash_line, name + '\'')));
    CHECK(
        (has(zsh, ')' + name + '[') || has(zsh, ')' + name + "=[") || has(zsh, ')' + name + "+[")));
    const std::string switched =
        name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    std::istringstream lines(fish);
    bool is_there = false;
    for (std::string line; std::getline(lines, line);) {
      is_there |=
          has(line, "'__joust_command " + app.get_name() + "'") && has(line, switched + ' ');
    }
    CHECK(is_there);
  }
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    CHECK(has(between(page, ".SH SYNOPSIS", ".SH DESCRIPTION"), option->get_name(true)));
    CHECK(has(between(page, ".SH DESCRIPTION", ".SH OPTIONS"),
              ".TP\n\\fI" + option->get_name(true) + "\\fR\n"));
  }
}

TEST_CASE("every command and option of joust is in its page and in each completion") {
  const cli::CommandLine line;
  const Program program = describe(*line.app);
  const auto commands = line.app->get_subcommands([](const CLI::App*) { return true; });
  REQUIRE(commands.size() >= 9);
  REQUIRE(commands.size() == program.commands.size());
  const std::string own_page = man_page(program, program.self);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::string name = commands[i]->get_name();
    CAPTURE(name);
    check_command(*commands[i], program, program.commands[i]);
    CHECK(has(own_page, ".TP\n\\fBjoust " + name + "\\fR\n"));
    CHECK(has(own_page, "\\fBjoust\\-" + name + "\\fR(1)"));
    CHECK(has(between(bash_completion(program), "    ' 0')", "    '"), name));
    CHECK(has(zsh_completion(program), "    '" + name + ":"));
    CHECK(has(fish_completion(program), "\"__joust_command ''\" -a " + name + " -d "));
  }
  for (const std::string& name : option_names(*line.app)) CHECK(has(own_page, in_page(name)));
}

TEST_CASE("every page has its sections, in the order that is usual") {
  const cli::CommandLine line;
  const Program program = describe(*line.app);
  for (const Command& command : program.commands) {
    const std::string page = man_page(program, command);
    CAPTURE(command.name);
    std::size_t at = 0;
    for (const char* title :
         {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"}) {
      CAPTURE(title);
      const std::size_t found = page.find(std::string(".SH ") + title + "\n", at);
      REQUIRE(found != std::string::npos);
      at = found;
    }
  }
}

TEST_CASE("whatever the manual has words of its own about is a command of joust") {
  const cli::CommandLine line;
  const Program program = describe(*line.app);
  for (const std::string& name : commands_with_prose()) {
    CAPTURE(name);
    CHECK((name == "joust" ||
           std::any_of(program.commands.begin(), program.commands.end(),
                       [&](const Command& command) { return command.name == name; })));
  }
}

TEST_CASE("the exit codes of a page are those of the help") {
  const cli::CommandLine line;
  const std::string page = man_page(describe(*line.app), describe(*line.app).self);
  const std::string codes = between(page, ".SH EXIT STATUS", ".SH FILES");
  for (const char* number : {"0", "1", "2", "3", "4", "5", "130/143"}) {
    CHECK(has(codes, ".TP\n\\fB" + std::string(number) + "\\fR\n"));
  }
  CHECK(has(codes, "\nEvery world counted.\n"));
  CHECK(codes.ends_with("\nInterrupted, resumable."));
}

// A command line with all that asks for care.
struct Made {
  CLI::App app{"made plays tests, and more", "made"};
  CLI::App* command = nullptr;
  std::string text;
  std::vector<std::string> texts;
  unsigned number = 0;
  bool fast = false;

  Made() {
    app.footer("Exit codes: 0 all is well; nearly so; 3 'it' is not.");
    command = app.add_subcommand("go", ".begins with a dot, 'quoted' [so: to say]");
    command->footer("More of\nit.\nExit codes: 0 gone.");
    command->add_option("-k,--kind", text, "Which")->check(CLI::IsMember({"a:1", "b"}));
    command->add_option("--many", number, "How many")->check(CLI::Range(1U, 9U));
    command->add_flag("--fast", fast, "Fast")->excludes("--many");
    command->add_option("--hidden", text)->group("");
    command->add_option("WHAT", text, "What")->required();
    command->add_option("WHERE", texts, "Where")->type_name(cli::kFolderType)->expected(1, -1);
  }
};

TEST_CASE("what a command line says is read from it") {
  const Program program = describe(Made().app);
  REQUIRE(program.commands.size() == 1);
  const Command& go = program.commands[0];
  REQUIRE(go.options.size() == 4);  // with --help, and without what is hidden
  CHECK(go.options[1].names == std::vector<std::string>{"-k", "--kind"});
  CHECK(go.options[1].value == "TEXT");
  CHECK(go.options[1].choices == std::vector<std::string>{"a:1", "b"});
  CHECK(go.options[2].value == "UINT");
  CHECK(go.options[2].limit == "UINT in [1 - 9]");
  CHECK(go.options[3].value.empty());
  CHECK(go.options[3].excludes == std::vector<std::string>{"--many"});
  CHECK(go.options[2].excludes == std::vector<std::string>{"--fast"});
  REQUIRE(go.positionals.size() == 2);
  CHECK(go.positionals[0].required);
  CHECK_FALSE(go.positionals[0].repeats);
  CHECK(go.positionals[0].path == PathKind::none);
  CHECK(go.positionals[1].repeats);
  CHECK(go.positionals[1].path == PathKind::folder);
  CHECK(go.notes == std::vector<std::string>{"More of it."});
  REQUIRE(program.self.exit_codes.size() == 2);
  CHECK(program.self.exit_codes[0].meaning == "all is well; nearly so");
  CHECK(program.self.exit_codes[1].number == "3");
  CHECK(program.self.exit_codes[1].meaning == "'it' is not");
}

TEST_CASE("a page shows characters of roff's own language as they are") {
  const Program program = describe(Made().app);
  const std::string page = man_page(program, program.commands[0]);
  CHECK(has(page, "\n\\&.begins with a dot, \\(aqquoted\\(aq [so: to say].\n"));
  CHECK(has(page, "\\fBmade go\\fR [\\fIOPTION\\fR]... \\fIWHAT\\fR [\\fIWHERE\\fR...]\n"));
  CHECK(has(page, "\\fB\\-k\\fR, \\fB\\-\\-kind\\fR \\fITEXT\\fR\nWhich. One of: a:1, b.\n"));
  CHECK(has(page, "Fast. Not with \\-\\-many.\n"));
  CHECK(has(page, "How many. Must be UINT in [1 \\- 9]. Not with \\-\\-fast.\n"));
}

TEST_CASE("what cannot be described is an error that names it") {
  const auto error_of = [](const CLI::App& app) -> std::string {
    try {
      describe(app);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "(no error)";
  };
  Made silent;
  silent.command->add_flag("--silent", silent.fast);
  CHECK(error_of(silent.app) == "'--silent' has no description");
  Made lost;
  lost.command->footer("It may fail.");
  CHECK(error_of(lost.app) == "the footer of 'go' names no exit codes");
  Made odd;
  odd.command->footer("Exit codes: all of them; 2 bad.");
  CHECK(error_of(odd.app) == "these are no exit codes: 'all of them; 2 bad.'");
  Made open;
  open.command->footer("Exit codes: 0 good; 2 bad");
  CHECK(error_of(open.app) == "these are no exit codes: '0 good; 2 bad'");
}

}  // namespace
}  // namespace joust::manual
