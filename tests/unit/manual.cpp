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

// The function of zsh that completes a command.
std::string function_of(const Command& command) {
  std::string name = "_" + command.path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// All that the command line has of one command, looked for in what was made from it.
void check_command(const CLI::App& app, const Command& program, const Command& command) {
  const std::string page = man_page(program, command);
  const std::string options = between(page, ".SH OPTIONS", ".SH EXIT STATUS");
  const std::string typed = command.path.substr(std::min(command.path.size(), std::size_t{6}));
  const std::string bash = between(bash_completion(program), "_joust_options()", "}");
  const std::string bash_line = between(bash, "    '" + typed + "')", " ");
  const std::string zsh = between(zsh_completion(program), function_of(command) + "()", "}");
  const std::string fish = fish_completion(program);
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
      is_there |= (has(line, "__joust_in " + command.path + "'") ||
                   has(line, "__joust_at " + command.path + "'")) &&
                  has(line, switched + ' ');
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

// The same of all below it.
void check_all(const CLI::App& app, const Command& program, const Command& command) {
  CAPTURE(command.path);
  check_command(app, program, command);
  const auto next = app.get_subcommands([](const CLI::App*) { return true; });
  REQUIRE(next.size() == command.commands.size());
  const std::string page = man_page(program, command);
  const std::string bash = bash_completion(program);
  const std::string typed = command.path.substr(std::min(command.path.size(), std::size_t{6}));
  for (std::size_t i = 0; i < next.size(); ++i) {
    const std::string& path = command.commands[i].path;
    const std::string name = next[i]->get_name();
    CAPTURE(name);
    CHECK(path == command.path + " " + name);
    CHECK(has(page, ".TP\n\\fB" + path + "\\fR\n"));
    CHECK(has(page, in_page(page_name(command.commands[i])) + "(1)"));
    CHECK(has(between(between(bash, "_joust_place()", "}"), "    '" + typed + " 0')", "    '"),
              name));
    CHECK(has(between(zsh_completion(program), function_of(command) + "()", "}"),
              "    '" + name + ":"));
    CHECK(has(fish_completion(program), "'__joust_at " + command.path + "' -a " + name + " -d "));
    check_all(*next[i], program, command.commands[i]);
  }
}

TEST_CASE("every command and option of joust is in its page and in each completion") {
  const cli::CommandLine line;
  const Command program = describe(*line.app);
  REQUIRE(program.commands.size() >= 9);
  check_all(*line.app, program, program);
}

TEST_CASE("every page has its sections, in the order that is usual") {
  const cli::CommandLine line;
  const Command program = describe(*line.app);
  for (const Command* command : with_all_below(program)) {
    const std::string page = man_page(program, *command);
    CAPTURE(command->path);
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
  const Command program = describe(*line.app);
  const auto commands = with_all_below(program);
  for (const std::string& path : commands_with_prose()) {
    CAPTURE(path);
    CHECK(std::any_of(commands.begin(), commands.end(),
                      [&](const Command* command) { return command->path == path; }));
  }
}

TEST_CASE("the exit codes of a page are those of the help") {
  const cli::CommandLine line;
  const Command program = describe(*line.app);
  const std::string page = man_page(program, program);
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
  std::string needed;
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
    command->add_option("--need", needed, "Needed")->required();
    command->add_option("WHERE", texts, "Where")->type_name(cli::kFolderType)->expected(1, -1);
  }
};

TEST_CASE("what a command line says is read from it") {
  const Command program = describe(Made().app);
  REQUIRE(program.commands.size() == 1);
  const Command& go = program.commands[0];
  REQUIRE(go.options.size() == 5);  // with --help, and without what is hidden
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
  REQUIRE(program.exit_codes.size() == 2);
  CHECK(program.exit_codes[0].meaning == "all is well; nearly so");
  CHECK(program.exit_codes[1].number == "3");
  CHECK(program.exit_codes[1].meaning == "'it' is not");
}

TEST_CASE("commands of commands are found, with the exit codes of those above them") {
  Made made;
  CLI::App* last = made.command->add_subcommand("far", "Far");
  last->footer("Nothing about codes.");
  const Command program = describe(made.app);
  const auto all = with_all_below(program);
  REQUIRE(all.size() == 3);
  CHECK(all[2]->path == "made go far");
  CHECK(all[2]->notes == std::vector<std::string>{"Nothing about codes."});
  REQUIRE(all[2]->exit_codes.size() == 1);
  CHECK(all[2]->exit_codes[0].meaning == "gone");
  CHECK(page_name(*all[2]) == "made-go-far");
  CHECK(has(man_page(program, *all[1]), ".SH COMMANDS\n.TP\n\\fBmade go far\\fR\nFar.\n"));
  CHECK(has(bash_completion(program), "    'go 0') kind=words values='far' ;;\n"));
  CHECK(has(zsh_completion(program), "\n_made_go_far() {\n"));
}

TEST_CASE("a page shows characters of roff's own language as they are") {
  const Command program = describe(Made().app);
  const std::string page = man_page(program, program.commands[0]);
  CHECK(has(page, "\n\\&.begins with a dot, \\(aqquoted\\(aq [so: to say].\n"));
  CHECK(has(page,
            "\\fBmade go\\fR \\fB\\-\\-need\\fR \\fITEXT\\fR [\\fIOPTION\\fR]... \\fIWHAT\\fR "
            "[\\fIWHERE\\fR...]\n"));
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
  Made odd;
  odd.command->footer("Exit codes: all of them; 2 bad.");
  CHECK(error_of(odd.app) == "these are no exit codes: 'all of them; 2 bad.'");
  Made open;
  open.command->footer("Exit codes: 0 good; 2 bad");
  CHECK(error_of(open.app) == "these are no exit codes: '0 good; 2 bad'");
}

}  // namespace
}  // namespace joust::manual
