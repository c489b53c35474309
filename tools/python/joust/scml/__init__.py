"""SCML worlds of the real ``negmas`` and ``scml`` packages, played under joust.

``python3 -m joust.scml`` is the command of a spec; ``SCML.md`` says what may be in it. Importing
this package imports neither negmas nor scml: only playing a world does.

=================  ================================================================
``scml_world``     the world that joust plays
``_settings``      what ``[world.parameters]`` may say
``_packages``      negmas, scml and numpy, imported when they are needed
``_agent_types``   from the name of a competitor's type to its class
``_economy``       who owns which factory, and the economy that a configuration's worlds share
``_unseeded``      what in negmas no seed reaches, and how it is made to depend on one
``_simulation``    one silent negmas world, built and stepped
``_blame``         whose fault an exception is
``_counting``      what the world counted, by the names of joust's tables
=================  ================================================================
"""
