"""What crosses the private wire: marshmallow, one class per shape.

Input shapes refuse what they do not know and take no value of another type for granted. A shape is never cut down
(`only`, `exclude`, `partial`): what another request may send is another class.
"""
